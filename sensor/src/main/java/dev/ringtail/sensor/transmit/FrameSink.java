package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.linux.SyscallException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/// Where frames are sent. Each frame ends up in [TransmitCounters], as sent or as not sent for a
/// reason, by the time [#flush] returns. One thread.
interface FrameSink {
    /// Sends a frame, now or at the next [#flush]; waits for a device that is full, for a bounded
    /// time.
    ///
    /// @param source memory that holds the frame at offset `at`; must not change until the flush
    /// @param length bytes of the frame there
    /// @param vlanTag tag to put back into it, see [dev.ringtail.sensor.lane.VlanTag]
    void send(MemorySegment source, long at, int length, long vlanTag);

    /// Sends what is still here, or counts it as not sent.
    void flush();

    /// Why nothing can be sent any more; null while all is well. All frames that come after it are
    /// counted as not sent. Any thread.
    @Nullable SyscallException failure();
}
