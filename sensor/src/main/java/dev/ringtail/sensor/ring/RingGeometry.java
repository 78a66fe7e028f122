package dev.ringtail.sensor.ring;

/// The shape of a ring, held to the kernel's rules (`packet_set_ring` in net/packet/af_packet.c)
/// and to what the block protocol needs beyond them.
///
/// @param blockBytes bytes of a block; a power of two (others are rounded up by the kernel and
///   waste memory) and at least 128 KiB, so that a 64 KiB super-frame fits
/// @param blockCount count of blocks, at most 65 535: the kernel counts them in 16 bits
/// @param blockTimeoutMs after this the kernel hands over a block that is not full
///   (`tp_retire_blk_tov`); times blockCount it is the longest stall that a nearly idle ring
///   survives; a V2 ring hands over every packet at once
/// @param slotBytes a slot of a V2 ring, for one packet (`tp_frame_size`), a power of two; V3 uses
///   it for its sanity checks alone
/// @param reserveBytes room that the kernel is to leave before each packet (PACKET_RESERVE)
public record RingGeometry(
        int blockBytes, int blockCount, int blockTimeoutMs, int slotBytes, int reserveBytes) {
    /// Slots of this size hold whole Ethernet frames.
    public static final int DEFAULT_SLOT_BYTES = 2048;

    /// Bytes that a slot must have beside the reserved room.
    public static final int MIN_SLOT_BYTES = 256;

    /// The largest slot.
    public static final int MAX_SLOT_BYTES = 64 << 10;

    private static final int MIN_BLOCK_BYTES = 128 << 10;
    private static final int MAX_BLOCK_BYTES = 64 << 20;

    /// The kernel counts blocks in 16 bits.
    public static final int MAX_BLOCK_COUNT = 65_535;

    private static final int MAX_BLOCK_TIMEOUT_MS = 1_000;

    /// Bytes that a block and a frame in it need beside the frame: block header, frame header with
    /// its address, padding.
    private static final int OVERHEAD_BYTES = 48 + 82;

    /// @throws IllegalArgumentException naming the value and what is allowed
    public RingGeometry {
        if (blockBytes < MIN_BLOCK_BYTES
                || blockBytes > MAX_BLOCK_BYTES
                || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException(
                    "A ring's block of "
                            + blockBytes
                            + " bytes is not a power of two between 128 KiB and 64 MiB");
        }
        if (blockCount < 2 || blockCount > MAX_BLOCK_COUNT) {
            throw new IllegalArgumentException(
                    "A ring's " + blockCount + " blocks are not between 2 and " + MAX_BLOCK_COUNT);
        }
        if (blockTimeoutMs < 1 || blockTimeoutMs > MAX_BLOCK_TIMEOUT_MS) {
            throw new IllegalArgumentException(
                    "A ring's block timeout of "
                            + blockTimeoutMs
                            + " ms is not between 1 and "
                            + MAX_BLOCK_TIMEOUT_MS);
        }
        if (slotBytes > MAX_SLOT_BYTES
                || Integer.bitCount(slotBytes) != 1
                || reserveBytes < 0
                || slotBytes - reserveBytes < MIN_SLOT_BYTES) {
            throw new IllegalArgumentException(
                    "A ring's slot of %d bytes with %d reserved is not a power of two up to 64 KiB with %d bytes beside them"
                            .formatted(slotBytes, reserveBytes, MIN_SLOT_BYTES));
        }
        long slots = (long) blockBytes / slotBytes * blockCount;
        if (slots > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "A ring's " + slots + " slots are more than " + Integer.MAX_VALUE);
        }
    }

    /// A ring of blocks, with nothing reserved.
    public RingGeometry(int blockBytes, int blockCount, int blockTimeoutMs) {
        this(blockBytes, blockCount, blockTimeoutMs, DEFAULT_SLOT_BYTES, 0);
    }

    /// Bytes of the whole ring.
    public long lengthBytes() {
        return (long) blockBytes * blockCount;
    }

    /// The largest frame that the kernel can put into a block whole.
    public int maxFrameBytes() {
        return blockBytes - OVERHEAD_BYTES - reserveBytes;
    }

    /// The same ring with another count of blocks.
    public RingGeometry withBlockCount(int count) {
        return new RingGeometry(blockBytes, count, blockTimeoutMs, slotBytes, reserveBytes);
    }
}
