package dev.ringtail.sensor.ring;

import java.lang.foreign.MemorySegment;

/// The reader's side of a ring: packets by the block, each with a header as [FrameHeader] reads it.
/// A V3 ring's blocks are the kernel's ([BlockRing]), those of a V2 ring are its slots, one packet
/// each ([SlotRing]).
///
/// One thread, the lane's.
public interface RingReader {
    /// Takes the next block if the kernel has handed it over. The block stays the reader's until
    /// [#release]; calling again before gives the same block.
    ///
    /// @return false where the kernel is still filling it
    /// @throws RingOutOfStepException where the block is not the one that must follow the last
    boolean acquire();

    /// Gives the block back to the kernel, which may write to it at once.
    void release();

    /// All memory of the process: an offset in it is an address. Packets are read through this
    /// constant and not through a segment of the ring, since of a constant the JIT knows size and
    /// owner, and checks but the offset, and not even that where [FrameView] has bounded it. So it
    /// is for the reader to stay within the block, as [FrameView#read] and whoever calls
    /// [FrameHeader#touch] see to, and to be done with it before the ring is closed.
    MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /// Address of the block.
    long blockStart();

    /// Address of the end of the block.
    long blockEnd();

    /// Count of packets in the block, as the kernel wrote it, but no more than any block can hold.
    int packetCount();

    /// Address of the first packet's header, as the kernel wrote it: not checked.
    long firstPacket();

    /// Bytes of a block.
    int blockBytes();
}
