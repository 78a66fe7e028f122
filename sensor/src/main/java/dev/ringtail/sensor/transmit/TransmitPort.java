package dev.ringtail.sensor.transmit;

/// What has the kernel look at a [TransmitRing].
@FunctionalInterface
interface TransmitPort {
    /// Has the kernel take pending frames; does not wait.
    ///
    /// @return 0 or more, or a negated errno where it stopped at a frame. That tells of the frame
    ///   alone: those before it were taken all the same.
    long kick();
}
