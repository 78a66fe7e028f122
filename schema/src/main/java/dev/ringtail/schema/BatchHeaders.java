package dev.ringtail.schema;

/// Names of the Kafka headers of a record in the packets topic.
///
/// They repeat fields of the [PacketBatch] in the value, so that a consumer can pass over a batch
/// without decoding it. Values are UTF-8 text, numbers in decimal.
public final class BatchHeaders {
    /// [PacketBatch] `sensorId`.
    public static final String SENSOR = "sensor";

    /// [PacketBatch] `sessionId`.
    public static final String SESSION = "session";

    /// [PacketBatch] `lane`.
    public static final String LANE = "lane";

    /// [PacketBatch] `firstPacketNumber`.
    public static final String FIRST_PACKET = "first-packet";

    /// Count of packets in the batch.
    public static final String PACKETS = "packets";

    /// [PacketBatch] `minTimestampNs`, nanoseconds since 1970-01-01T00:00:00Z.
    public static final String MIN_NS = "min-ns";

    /// [PacketBatch] `maxTimestampNs`, nanoseconds since 1970-01-01T00:00:00Z.
    public static final String MAX_NS = "max-ns";

    private BatchHeaders() {}
}
