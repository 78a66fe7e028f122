package dev.ringtail.sensor.transmit;

/// Somewhere to send frames, opened; closing frees it.
interface FrameTarget extends AutoCloseable {
    /// Takes the frames.
    FrameSink sink();

    /// LINKTYPE_* of the frames that it takes.
    int linkType();

    @Override
    void close();
}
