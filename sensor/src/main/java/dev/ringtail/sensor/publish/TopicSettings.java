package dev.ringtail.sensor.publish;

/// How topics are made that are not there yet.
///
/// @param packetPartitionCount partitions of the packets topic
/// @param retentionBytes most bytes that the broker keeps of a partition of packets: a recorder's
///   disk is bounded by bytes, not by time, for imported packets are old from the start
/// @param batchBytes largest regular packet batch, which a record must be able to hold
public record TopicSettings(int packetPartitionCount, long retentionBytes, int batchBytes) {
    public static final int DEFAULT_PARTITION_COUNT = 16;
    public static final long DEFAULT_RETENTION_BYTES = 4L << 30;
    public static final int DEFAULT_BATCH_BYTES = 256 * 1024;

    public static TopicSettings defaults() {
        return new TopicSettings(
                DEFAULT_PARTITION_COUNT, DEFAULT_RETENTION_BYTES, DEFAULT_BATCH_BYTES);
    }
}
