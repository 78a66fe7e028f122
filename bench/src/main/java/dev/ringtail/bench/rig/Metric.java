package dev.ringtail.bench.rig;

/// A quantity that trials measure. Rows define those that they alone need.
///
/// @param key name in the JSON, with its unit: `cpuNsPerPacket`
/// @param label column in the table, with its unit: `CPU ns/packet`
public record Metric(String key, String label) {
    /// Packets a second that arrived where the row says.
    public static final Metric PACKETS_PER_SECOND = new Metric("packetsPerSecond", "packets/s");

    /// Bytes a second of the frames that arrived.
    public static final Metric BYTES_PER_SECOND = new Metric("bytesPerSecond", "bytes/s");

    /// Packets that the kernel counted as dropped by the reader.
    public static final Metric DROPS = new Metric("drops", "drops");

    /// CPU time of what reads, for each packet that it read.
    public static final Metric CPU_NS_PER_PACKET = new Metric("cpuNsPerPacket", "CPU ns/packet");

    /// CPU seconds of the whole process for each 10^9 bytes of frames.
    public static final Metric CPU_SECONDS_PER_GB = new Metric("cpuSecondsPerGb", "CPU s/GB");
}
