package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import dev.ringtail.sensor.linux.MacAddress;
import dev.ringtail.sensor.ring.Memberships;
import dev.ringtail.sensor.ring.SocketOptions;
import dev.ringtail.sensor.ring.TimestampSource;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The sensor's configuration, complete and checked; `defaults.yaml` beside this class documents
/// each key.
///
/// @param sensorId who captures; never empty
/// @param interfaces what to capture on
/// @param maxInterfaces most interfaces that are captured at once by pattern
/// @param netns network namespace to capture in, a name or a path; empty for the process's own
/// @param filter capture filter in tcpdump's language, empty for everything
/// @param snapLength most bytes kept of a packet
/// @param headers whether packets are cut behind their transport header
/// @param sampling of how many flows one is kept; 1 for all
/// @param promiscuous whether packets for other hosts are wanted
/// @param allMulticast whether all multicast packets are wanted
/// @param multicastGroups MAC addresses of multicast groups whose packets are wanted
/// @param cooked whether packets are read without their link header on every interface
/// @param immediate whether each packet is handed over at once
/// @param timestamps who stamps packets
/// @param lockFilter whether the filter is locked once packets are let in
/// @param outgoing what to do with packets that this host sends
/// @param lanes lanes of each interface; 0 for as many as queues and processors suggest
/// @param cpus processors that the lanes are pinned to; empty for none
/// @param fanout how packets are spread over the lanes of an interface
/// @param ring geometry of each lane's ring
/// @param batch bounds of packet batches
/// @param record where packets go instead of into Kafka, if anywhere
/// @param management where the management endpoint listens; null for none
/// @param topicPrefix what the topics' names begin with
/// @param partitions partitions of the packets topic where it has to be created
/// @param stopTimeout how long a stop may take
/// @param kafka settings of the Kafka client, passed on as they are
public record SensorConfig(
        String sensorId,
        List<InterfaceConfig> interfaces,
        int maxInterfaces,
        String netns,
        String filter,
        int snapLength,
        boolean headers,
        int sampling,
        boolean promiscuous,
        boolean allMulticast,
        List<String> multicastGroups,
        boolean cooked,
        boolean immediate,
        TimestampSource timestamps,
        boolean lockFilter,
        Outgoing outgoing,
        int lanes,
        CpuList cpus,
        FanoutConfig fanout,
        RingConfig ring,
        BatchConfig batch,
        RecordConfig record,
        @Nullable ManagementConfig management,
        String topicPrefix,
        int partitions,
        TimeSpan stopTimeout,
        Map<String, String> kafka) {
    private static final int MIN_SNAP_LENGTH = 64;
    private static final int MAX_SNAP_LENGTH = 262_144;
    private static final int MAX_LANES = 64;
    private static final int MAX_LANES_BY_DEFAULT = 8;
    private static final int MAX_INTERFACES = 1024;
    private static final int MAX_SAMPLING = 1_000_000;
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
        FALSE;

        /// From text of any case, or YAML's own `true` and `false`.
        @JsonCreator
        static Outgoing of(String text) {
            return Arrays.stream(values())
                    .filter(value -> value.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "'" + text + "' is not one of auto, true, false"));
        }
    }

    /// @throws InvalidConfigException where a value is out of its bounds
    public SensorConfig {
        Bounds.check("snapLength", snapLength, MIN_SNAP_LENGTH, MAX_SNAP_LENGTH);
        Bounds.check("partitions", partitions, 1, MAX_PARTITIONS);
        Bounds.check("lanes", lanes, 0, MAX_LANES);
        Bounds.check("maxInterfaces", maxInterfaces, 1, MAX_INTERFACES);
        Bounds.check("sampling", sampling, 1, MAX_SAMPLING);
        Bounds.check("stopTimeout", stopTimeout, TimeSpan.parse("1s"), TimeSpan.parse("10m"));
        if (!topicPrefix.matches(TOPIC_PREFIX)) {
            throw new InvalidConfigException(
                    "topicPrefix",
                    "'" + topicPrefix + "' is not 1 to 200 letters, digits, dots, _ or -");
        }
        if (sensorId.isBlank()) {
            sensorId = HostName.get();
        }
        if (!sensorId.matches(SENSOR_ID)) {
            throw new InvalidConfigException(
                    "sensorId", "'" + sensorId + "' is not 1 to 128 characters other than /");
        }
        List<String> names = interfaces.stream().map(InterfaceConfig::name).toList();
        if (Set.copyOf(names).size() < names.size()) {
            throw new InvalidConfigException(
                    "interfaces", names + " names one twice, which would count it twice");
        }
        if (names.contains(InterfaceConfig.ANY) && (allMulticast || !multicastGroups.isEmpty())) {
            throw new InvalidConfigException(
                    allMulticast ? "allMulticast" : "multicastGroups",
                    "the interface any is no device that could be asked for more packets; name the"
                            + " interfaces");
        }
        interfaces = List.copyOf(interfaces);
        multicastGroups = List.copyOf(multicastGroups);
        memberships(promiscuous, allMulticast, multicastGroups);
        kafka = Map.copyOf(kafka);
    }

    /// Most lanes of an interface.
    public int mostLanes() {
        return lanes > 0
                ? lanes
                : Math.clamp(
                        Runtime.getRuntime().availableProcessors() - 2L, 1, MAX_LANES_BY_DEFAULT);
    }

    /// Lanes of an interface: where nothing is said, no more than the device has receive queues,
    /// since each queue is served by one processor and fills one ring at a time.
    public int lanesFor(int receiveQueueCount) {
        return lanes > 0 ? lanes : Math.clamp(receiveQueueCount, 1, mostLanes());
    }

    /// Most lanes of all interfaces together.
    public int laneCount() {
        long patterns = interfaces.stream().filter(InterfaceConfig::isPattern).count();
        long named = interfaces.size() - patterns;
        return Math.toIntExact(mostLanes() * (named + (patterns > 0 ? maxInterfaces : 0)));
    }

    /// The capture filter of an entry of `interfaces`.
    ///
    /// @param entryName the entry's name or pattern
    public String filterOf(String entryName) {
        return interfaces.stream()
                .filter(entry -> entry.name().equals(entryName))
                .map(entry -> Objects.requireNonNullElse(entry.filter(), filter))
                .findFirst()
                .orElse(filter);
    }

    /// The same configuration with the filters of another, which is what can change while a sensor
    /// runs.
    public SensorConfig withFiltersOf(SensorConfig other) {
        List<InterfaceConfig> refiltered =
                interfaces.stream()
                        .map(entry -> entry.withFilter(other.filterOf(entry.name())))
                        .toList();
        return new SensorConfig(
                sensorId,
                refiltered,
                maxInterfaces,
                netns,
                other.filter,
                snapLength,
                headers,
                sampling,
                promiscuous,
                allMulticast,
                multicastGroups,
                cooked,
                immediate,
                timestamps,
                lockFilter,
                outgoing,
                lanes,
                cpus,
                fanout,
                ring,
                batch,
                record,
                management,
                topicPrefix,
                partitions,
                stopTimeout,
                kafka);
    }

    /// What the rings of an interface ask of their sockets.
    ///
    /// @param withoutLinkHeader whether they are read cooked
    /// @param keepOutgoing whether packets that this host sends are kept
    public SocketOptions socketOptions(boolean withoutLinkHeader, boolean keepOutgoing) {
        return new SocketOptions(
                withoutLinkHeader,
                immediate,
                fanout.fanout(),
                memberships(promiscuous, allMulticast, multicastGroups),
                timestamps,
                !keepOutgoing,
                lockFilter);
    }

    private static Memberships memberships(
            boolean promiscuous, boolean allMulticast, List<String> multicastGroups) {
        try {
            return new Memberships(
                    promiscuous,
                    allMulticast,
                    multicastGroups.stream().map(MacAddress::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("multicastGroups", String.valueOf(e.getMessage()));
        }
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
