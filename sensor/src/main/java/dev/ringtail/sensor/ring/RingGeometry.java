package dev.ringtail.sensor.ring;

/// The shape of a TPACKET_V3 ring, held to the kernel's rules (`packet_set_ring` in
/// net/packet/af_packet.c) and to what the block protocol needs beyond them.
///
/// @param blockBytes bytes of a block; a power of two (others are rounded up by the kernel and
///   waste memory) and at least 128 KiB, so that a 64 KiB super-frame fits
/// @param blockCount count of blocks, at most 65 535: the kernel counts them in 16 bits
/// @param blockTimeoutMs after this the kernel hands over a block that is not full
///   (`tp_retire_blk_tov`); times blockCount it is the longest stall that a nearly idle ring
///   survives
public record RingGeometry(int blockBytes, int blockCount, int blockTimeoutMs) {
    /// The kernel's `tp_frame_size`; V3 uses it for its sanity checks alone.
    public static final int FRAME_BYTES = 2048;

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
    }

    /// Bytes of the whole ring.
    public long lengthBytes() {
        return (long) blockBytes * blockCount;
    }

    /// The largest frame that the kernel can put into a block whole.
    public int maxFrameBytes() {
        return blockBytes - OVERHEAD_BYTES;
    }

    /// The same ring with another count of blocks.
    public RingGeometry withBlockCount(int count) {
        return new RingGeometry(blockBytes, count, blockTimeoutMs);
    }
}
