package dev.ringtail.sensor.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The sensor's configuration, complete and checked; `defaults.yaml` beside this class documents
/// each key.
///
/// @param sensorId who captures; never empty
/// @param interfaces names of the interfaces to capture
/// @param filter capture filter in tcpdump's language, empty for everything
/// @param snapLength most bytes kept of a packet
/// @param promiscuous whether packets for other hosts are wanted
/// @param outgoing what to do with packets that this host sends
/// @param lanes lanes of each interface, at least 1
/// @param ring geometry of each lane's ring
/// @param batch bounds of packet batches
/// @param record where packets go instead of into Kafka, if anywhere
/// @param topicPrefix what the topics' names begin with
/// @param partitions partitions of the packets topic where it has to be created
/// @param stopTimeout how long a stop may take
/// @param kafka settings of the Kafka client, passed on as they are
public record SensorConfig(
        String sensorId,
        List<String> interfaces,
        String filter,
        int snapLength,
        boolean promiscuous,
        Outgoing outgoing,
        int lanes,
        RingConfig ring,
        BatchConfig batch,
        RecordConfig record,
        String topicPrefix,
        int partitions,
        TimeSpan stopTimeout,
        Map<String, String> kafka) {
    private static final int MIN_SNAP_LENGTH = 64;
    private static final int MAX_SNAP_LENGTH = 262_144;
    private static final int MAX_LANES = 64;
    private static final int MAX_PARTITIONS = 1024;
    private static final String SENSOR_ID = "[^/\\p{Cntrl}]{1,128}";
    private static final String TOPIC_PREFIX = "[a-zA-Z0-9._-]{1,200}";

    /// What to do with packets that this host sends.
    public enum Outgoing {
        /// Leave them out on loopback alone.
        AUTO,
        /// Keep them.
        TRUE,
        /// Leave them out.
        FALSE
    }

    /// @throws InvalidConfigException where a value is out of its bounds
    public SensorConfig {
        Bounds.check("snapLength", snapLength, MIN_SNAP_LENGTH, MAX_SNAP_LENGTH);
        Bounds.check("partitions", partitions, 1, MAX_PARTITIONS);
        Bounds.check("lanes", lanes, 0, MAX_LANES);
        Bounds.check("stopTimeout", stopTimeout, TimeSpan.parse("1s"), TimeSpan.parse("10m"));
        if (!topicPrefix.matches(TOPIC_PREFIX)) {
            throw new InvalidConfigException(
                    "topicPrefix",
                    "'" + topicPrefix + "' is not 1 to 200 letters, digits, dots, _ or -");
        }
        if (lanes == 0) {
            lanes = Math.clamp(Runtime.getRuntime().availableProcessors() - 2L, 1, 8);
        }
        if (sensorId.isBlank()) {
            sensorId = HostName.get();
        }
        if (!sensorId.matches(SENSOR_ID)) {
            throw new InvalidConfigException(
                    "sensorId", "'" + sensorId + "' is not 1 to 128 characters other than /");
        }
        if (Set.copyOf(interfaces).size() < interfaces.size()) {
            throw new InvalidConfigException(
                    "interfaces", interfaces + " names one twice, which would count it twice");
        }
        interfaces = List.copyOf(interfaces);
        kafka = Map.copyOf(kafka);
    }

    /// Count of lanes of all interfaces together.
    public int laneCount() {
        return lanes * interfaces.size();
    }

    /// Whether packets that this host sends are kept on an interface.
    public boolean keepsOutgoing(boolean loopback) {
        return switch (outgoing) {
            case AUTO -> !loopback;
            case TRUE -> true;
            case FALSE -> false;
        };
    }
}
