package dev.ringtail.schema;

/// Names of the four topics of one Ringtail deployment, which share a prefix.
///
/// @param packets topic of [PacketBatch] records
/// @param reports compacted topic of [SensorReport] records, key `sensor/session`
/// @param schemas compacted topic of writer schemas (JSON), key [SingleObject#fingerprintText]
/// @param flows topic of [FlowRecord] records, key Community ID
public record Topics(String packets, String reports, String schemas, String flows) {
    /// Prefix that every command takes when none is given.
    public static final String DEFAULT_PREFIX = "capture";

    /// The topics of a prefix: `prefix.packets`, `prefix.reports`, `prefix.schemas`,
    /// `prefix.flows`.
    ///
    /// @throws IllegalArgumentException if the prefix would not make legal Kafka topic names
    public static Topics withPrefix(String prefix) {
        if (!prefix.matches("[a-zA-Z0-9._-]{1,200}")) {
            throw new IllegalArgumentException(
                    "topic prefix \""
                            + prefix
                            + "\" is not allowed: 1 to 200 letters, digits, dots, dashes or"
                            + " underscores");
        }
        return new Topics(
                prefix + ".packets", prefix + ".reports", prefix + ".schemas", prefix + ".flows");
    }

    /// Key of a session's reports in the reports topic.
    public static String reportKey(String sensorId, String sessionId) {
        return sensorId + "/" + sessionId;
    }
}
