package dev.ringtail.sensor.config;

import dev.ringtail.sensor.ring.RingGeometry;

import java.time.Duration;
import java.util.Optional;

/// Geometry of a lane's ring, under `ring:`.
///
/// @param blockSize bytes of a block
/// @param blockCount count of blocks
/// @param blockTimeout after this the kernel hands over a block that is not full
/// @param slotSize bytes of a slot for one packet, where packets are wanted at once
/// @param reserve room that the kernel leaves before each packet
public record RingConfig(
        ByteSize blockSize,
        int blockCount,
        TimeSpan blockTimeout,
        ByteSize slotSize,
        ByteSize reserve) {
    private static final ByteSize MIN_BLOCK = ByteSize.parse("128KiB");
    private static final ByteSize MAX_BLOCK = ByteSize.parse("64MiB");
    private static final ByteSize MIN_SLOT = new ByteSize(RingGeometry.MIN_SLOT_BYTES);
    private static final ByteSize MAX_SLOT = new ByteSize(RingGeometry.MAX_SLOT_BYTES);
    private static final Duration SAFE_STALL = Duration.ofSeconds(5);

    /// @throws InvalidConfigException where the kernel, or the block protocol, would not have it
    public RingConfig {
        Bounds.check("ring.blockSize", blockSize, MIN_BLOCK, MAX_BLOCK);
        if (Long.bitCount(blockSize.bytes()) != 1) {
            throw new InvalidConfigException(
                    "ring.blockSize",
                    blockSize + " is not a power of two: the kernel would waste the rest");
        }
        Bounds.check("ring.blockCount", blockCount, 2, RingGeometry.MAX_BLOCK_COUNT);
        Bounds.check(
                "ring.blockTimeout", blockTimeout, TimeSpan.parse("1ms"), TimeSpan.parse("1s"));
        Bounds.check("ring.slotSize", slotSize, MIN_SLOT, MAX_SLOT);
        if (Long.bitCount(slotSize.bytes()) != 1) {
            throw new InvalidConfigException(
                    "ring.slotSize",
                    slotSize + " is not a power of two, and would not fill a block");
        }
        Bounds.check(
                "ring.reserve",
                reserve,
                new ByteSize(0),
                new ByteSize(slotSize.bytes() - MIN_SLOT.bytes()));
        if (blockSize.bytes() / slotSize.bytes() * blockCount > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "ring.blockCount", "the kernel can't count so many slots of " + slotSize);
        }
    }

    /// What an operator should know of a ring that the kernel would have: nearly idle, it is full
    /// after this count of blocks, and times the timeout that is how long a stalled lane can be
    /// made up for (`prb_retire_rx_blk_timer_expired` of net/packet/af_packet.c takes a block for
    /// however few packets).
    public Optional<String> warning() {
        Duration stall = blockTimeout.duration().multipliedBy(blockCount);
        return stall.compareTo(SAFE_STALL) >= 0
                ? Optional.empty()
                : Optional.of(
                        "ring.blockCount × ring.blockTimeout is %d ms: a lane that stalls longer loses packets even at a low rate; make it 5 s or more"
                                .formatted(stall.toMillis()));
    }

    /// The same as the ring wants it.
    public RingGeometry geometry() {
        return new RingGeometry(
                blockSize.intBytes(),
                blockCount,
                blockTimeout.millis(),
                slotSize.intBytes(),
                reserve.intBytes());
    }
}
