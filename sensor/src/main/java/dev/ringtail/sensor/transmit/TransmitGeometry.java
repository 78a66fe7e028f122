package dev.ringtail.sensor.transmit;

/// The shape of a transmit ring, held to the kernel's rules (`packet_set_ring` in
/// net/packet/af_packet.c): slots of equal size, each for one frame, in blocks of memory that is
/// contiguous for the kernel. Both sizes are powers of two, so slots follow each other over the
/// whole ring without a gap.
///
/// @param slotBytes bytes of a slot, its header counted
/// @param blockBytes bytes of a block, at least a slot
/// @param blockCount count of blocks
record TransmitGeometry(int slotBytes, int blockBytes, int blockCount) {
    private static final int MIN_SLOT_BYTES = 2 << 10;
    private static final int MIN_BLOCK_BYTES = 64 << 10;
    private static final int RING_BYTES = 1 << 20;
    private static final int MIN_BLOCK_COUNT = 16;

    /// A ring whose slots hold the largest frame: 1 MiB, or 16 slots where that is more.
    ///
    /// @param maxFrameBytes bytes of the largest frame that the interface takes
    static TransmitGeometry forFrames(int maxFrameBytes) {
        int slotBytes =
                Math.max(
                        MIN_SLOT_BYTES,
                        Integer.highestOneBit(TransmitRing.DATA_OFFSET + maxFrameBytes - 1) << 1);
        int blockBytes = Math.max(MIN_BLOCK_BYTES, slotBytes);
        return new TransmitGeometry(
                slotBytes, blockBytes, Math.max(MIN_BLOCK_COUNT, RING_BYTES / blockBytes));
    }

    /// Count of slots.
    int slotCount() {
        return blockBytes / slotBytes * blockCount;
    }

    /// Bytes of the whole ring.
    long lengthBytes() {
        return (long) blockBytes * blockCount;
    }

    /// The largest frame that a slot can hold.
    int maxFrameBytes() {
        return slotBytes - TransmitRing.DATA_OFFSET;
    }
}
