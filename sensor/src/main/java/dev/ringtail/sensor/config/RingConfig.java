package dev.ringtail.sensor.config;

import dev.ringtail.sensor.ring.RingGeometry;

/// Geometry of a lane's ring, under `ring:`.
///
/// @param blockSize bytes of a block
/// @param blockCount count of blocks
/// @param blockTimeout after this the kernel hands over a block that is not full
public record RingConfig(ByteSize blockSize, int blockCount, TimeSpan blockTimeout) {
    private static final ByteSize MIN_BLOCK = ByteSize.parse("128KiB");
    private static final ByteSize MAX_BLOCK = ByteSize.parse("64MiB");

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
    }

    /// The same as the ring wants it.
    public RingGeometry geometry() {
        return new RingGeometry(blockSize.intBytes(), blockCount, blockTimeout.millis());
    }
}
