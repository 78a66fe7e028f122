package dev.ringtail.sensor.transmit;

import java.lang.foreign.MemorySegment;

/// Somewhere to forward frames to, opened; closing frees it.
interface FrameTarget extends AutoCloseable {
    /// Takes the frames.
    FrameSink sink();

    /// LINKTYPE_* of the frames that it takes.
    int linkType();

    /// Whether a captured frame is of the target's own making, so that to forward it would be to
    /// forward it for ever. The thread that forwards; must not wait nor allocate.
    boolean isOwn(MemorySegment memory, long at, int length);

    @Override
    void close();
}
