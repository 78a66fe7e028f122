package dev.ringtail.sensor.lane;

import dev.ringtail.sensor.ring.FrameHeader;

/// Copies of frames out of a ring's block that a lane has put off, to make several of them one
/// right after the other.
///
/// Between the copies the headers that the lane will read next are fetched, which another processor
/// has just written: while one waits for memory, so does the other. Beside a single copy there is
/// no room for that, as a processor looks but some 500 instructions ahead, and a lane has 350 for a
/// packet.
///
/// Put off are frames of more than 64 bytes, or less than 32, without a VLAN tag to put back. A
/// copy that was put off has to be made before its batch is closed and before the block is
/// released. Lane thread only; allocates nothing.
final class FrameCopies {
    private static final int CAPACITY = 8;

    private final long[] sources = new long[CAPACITY];
    private final EncodedBatch[] targets = new EncodedBatch[CAPACITY];
    private final int[] positions = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private int count;

    @SuppressWarnings("UnusedVariable") // is there so that the JIT does not leave the reads out
    private long readAhead;

    /// Puts a copy off; not to be called when [#isFull].
    ///
    /// @param source address of the frame
    /// @param target where it is to go
    /// @param position where in the target's array
    /// @param length bytes to copy
    void add(long source, EncodedBatch target, int position, int length) {
        sources[count] = source;
        targets[count] = target;
        positions[count] = position;
        lengths[count] = length;
        count++;
    }

    /// Whether the copies have to be made before another is put off.
    boolean isFull() {
        return count == CAPACITY;
    }

    /// Makes the copies.
    void make() {
        for (int i = 0; i < count; i++) {
            make(i);
        }
        count = 0;
    }

    /// Makes the copies, and meanwhile has as many of the headers that follow, and what their
    /// frames begin with, brought into the cache.
    ///
    /// @param nextHeader address of the header that is read next: not before the block, but maybe
    ///   behind it, and maybe not aligned
    /// @param blockEnd address of the block's end
    void make(long nextHeader, long blockEnd) {
        long last = blockEnd - FrameHeader.TOUCHED_BYTES;
        long header = nextHeader;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            make(i);
            // A broken offset may lead to an address at which a word can't be read.
            long aligned = header & -Long.BYTES;
            if (aligned <= last) {
                sum += FrameHeader.touch(aligned);
                header = aligned + FrameHeader.nextOffset(aligned);
            }
        }
        readAhead += sum;
        count = 0;
    }

    private void make(int i) {
        targets[i].copyFromRing(sources[i], positions[i], lengths[i]);
    }
}
