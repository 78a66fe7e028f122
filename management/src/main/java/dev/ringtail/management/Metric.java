package dev.ringtail.management;

import java.util.List;
import java.util.Locale;

/// Every metric of Ringtail: its name, labels and meaning. `docs/reference/metrics.md` is made of
/// this, and dashboards and alert rules may name nothing else of Ringtail's.
///
/// The names are those of [Prometheus](https://prometheus.io/docs/practices/naming/): base units,
/// `_total` for what only grows.
public enum Metric {
    BUILD_INFO(Kind.INFO, "ringtail_build_info", "Always 1; tells the version.", Label.VERSION),
    READY(Kind.GAUGE, "ringtail_ready", "1 while `/readyz` answers 200, 0 while it says why not."),

    SENSOR_INFO(
            Kind.INFO,
            "ringtail_sensor_info",
            "Always 1; tells who captures, and the session as the topics name it.",
            Label.SENSOR,
            Label.SESSION),
    KERNEL_PACKETS(
            Kind.COUNTER,
            "ringtail_kernel_packets_total",
            "Packets that passed the filter, by the kernel's count, drops included:"
                    + " kernelPackets.",
            Label.INTERFACE,
            Label.LANE),
    KERNEL_DROPS(
            Kind.COUNTER,
            "ringtail_kernel_drops_total",
            "Packets that the kernel dropped because the ring was full: kernelDrops.",
            Label.INTERFACE,
            Label.LANE),
    RING_FREEZES(
            Kind.COUNTER,
            "ringtail_ring_freezes_total",
            "Times the ring was found full: ringFreezes.",
            Label.INTERFACE,
            Label.LANE),
    ROLLED_OVER_PACKETS(
            Kind.COUNTER,
            "ringtail_rolled_over_packets_total",
            "Packets due to this lane that went to another for want of room: rolledOver.",
            Label.INTERFACE,
            Label.LANE),
    ROLLED_OVER_HUGE_PACKETS(
            Kind.COUNTER,
            "ringtail_rolled_over_huge_packets_total",
            "Of those, packets of a flow so large that it was sent on early: rolledOverHuge.",
            Label.INTERFACE,
            Label.LANE),
    ROLLOVER_FAILED_PACKETS(
            Kind.COUNTER,
            "ringtail_rollover_failed_packets_total",
            "Packets due to this lane for which no other lane had room: rolloverFailed.",
            Label.INTERFACE,
            Label.LANE),
    RECEIVED_PACKETS(
            Kind.COUNTER,
            "ringtail_received_packets_total",
            "Packets read from the ring: received.",
            Label.INTERFACE,
            Label.LANE),
    RECEIVED_BYTES(
            Kind.COUNTER,
            "ringtail_received_bytes_total",
            "Captured bytes of the packets received.",
            Label.INTERFACE,
            Label.LANE),
    EXCLUDED_PACKETS(
            Kind.COUNTER,
            "ringtail_excluded_packets_total",
            "Packets left out on purpose: excluded.",
            Label.INTERFACE,
            Label.LANE,
            Label.REASON),
    MALFORMED_PACKETS(
            Kind.COUNTER,
            "ringtail_malformed_packets_total",
            "Ring entries whose lengths or offsets contradict each other: malformed.",
            Label.INTERFACE,
            Label.LANE),
    SHED_PACKETS(
            Kind.COUNTER,
            "ringtail_shed_packets_total",
            "Packets received and then given up: shed. No series for what never happened.",
            Label.INTERFACE,
            Label.LANE,
            Label.REASON),
    PENDING_PACKETS(
            Kind.GAUGE,
            "ringtail_pending_packets",
            "Packets in batches that are still open: pending.",
            Label.INTERFACE,
            Label.LANE),
    PUBLISHED_PACKETS(
            Kind.COUNTER,
            "ringtail_published_packets_total",
            "Packets handed to the publisher: published.",
            Label.INTERFACE,
            Label.LANE),
    PUBLISHED_BYTES(
            Kind.COUNTER,
            "ringtail_published_bytes_total",
            "Bytes of the packets published, as they are in the batches.",
            Label.INTERFACE,
            Label.LANE),
    CUT_PACKETS(
            Kind.COUNTER,
            "ringtail_cut_packets_total",
            "Of the published, packets that the sensor cut: cut.",
            Label.INTERFACE,
            Label.LANE),
    ACKNOWLEDGED_PACKETS(
            Kind.COUNTER,
            "ringtail_acknowledged_packets_total",
            "Packets that Kafka acknowledged, or that are in the file: acknowledged.",
            Label.INTERFACE,
            Label.LANE),
    ACKNOWLEDGED_BYTES(
            Kind.COUNTER,
            "ringtail_acknowledged_bytes_total",
            "Bytes of the packets acknowledged.",
            Label.INTERFACE,
            Label.LANE),
    REJECTED_PACKETS(
            Kind.COUNTER,
            "ringtail_rejected_packets_total",
            "Packets that Kafka refused for good, by the error's name: rejected. No series for"
                    + " what never happened.",
            Label.INTERFACE,
            Label.LANE,
            Label.REASON),
    UNKNOWN_PACKETS(
            Kind.COUNTER,
            "ringtail_unknown_packets_total",
            "Packets sent, but neither acknowledged nor refused in time: unknown.",
            Label.INTERFACE,
            Label.LANE),
    IN_FLIGHT_PACKETS(
            Kind.GAUGE,
            "ringtail_in_flight_packets",
            "Packets handed to the publisher whose outcome is not known yet: inFlight.",
            Label.INTERFACE,
            Label.LANE),
    SPOOLED_PACKETS(
            Kind.GAUGE,
            "ringtail_spooled_packets",
            "Packets on the sensor's disk, to be sent later: spooled.",
            Label.INTERFACE,
            Label.LANE),
    LAST_PACKET_TIMESTAMP(
            Kind.GAUGE,
            "ringtail_last_packet_timestamp_seconds",
            "Capture time of the latest packet handed to the publisher, seconds since 1970; no"
                    + " series before the first.",
            Label.INTERFACE,
            Label.LANE),
    PUBLISH_LAG(
            Kind.GAUGE,
            "ringtail_publish_lag_seconds",
            "Age of the oldest batch that was handed over and has no outcome yet; 0 for none."),
    INTERFACE_UP(
            Kind.GAUGE,
            "ringtail_interface_up",
            "1 while the interface is captured and up, 0 while not. Interfaces that a pattern"
                    + " means have a series while they are captured.",
            Label.INTERFACE),
    CAPTURE_GAP(
            Kind.GAUGE,
            "ringtail_capture_gap_seconds",
            "How long the interface has not been captured; 0 while it is.",
            Label.INTERFACE),
    INTERFACE_MISSED_PACKETS(
            Kind.COUNTER,
            "ringtail_interface_missed_packets_total",
            "Packets that the device had no room for while it was captured (rx_missed_errors).",
            Label.INTERFACE),
    INTERFACE_FIFO_ERRORS(
            Kind.COUNTER,
            "ringtail_interface_fifo_errors_total",
            "Overruns of the device's queue while it was captured (rx_fifo_errors).",
            Label.INTERFACE),
    INTERFACE_DROPPED_PACKETS(
            Kind.COUNTER,
            "ringtail_interface_dropped_packets_total",
            "Packets that the kernel dropped before any tap while it was captured"
                    + " (rx_dropped).",
            Label.INTERFACE),
    SOFTNET_DROPPED_PACKETS(
            Kind.COUNTER,
            "ringtail_softnet_dropped_packets_total",
            "Packets dropped from the processors' backlog, of all interfaces together, while the"
                    + " interface was captured; not to be added up over interfaces.",
            Label.INTERFACE),

    FLOWS_STATE(
            Kind.GAUGE,
            "ringtail_flows_state",
            "1 for the state that Kafka Streams is in, 0 for the others.",
            Label.STATE),
    FLOWS_LAG_RECORDS(
            Kind.GAUGE,
            "ringtail_flows_lag_records",
            "Records of the packets topic, each a batch of packets, that wait to be read; for the"
                    + " partitions of this process.",
            Label.PARTITION),
    FLOWS_BATCHES(
            Kind.COUNTER,
            "ringtail_flows_batches_total",
            "Batches read; what is read again after an outage counts again."),
    FLOWS_CORRUPT_BATCHES(
            Kind.COUNTER,
            "ringtail_flows_corrupt_batches_total",
            "Records that were no readable batch, and were skipped."),
    FLOWS_PACKETS(
            Kind.COUNTER,
            "ringtail_flows_packets_total",
            "Packets read for the first time, or again after an outage."),
    FLOWS_DUPLICATE_PACKETS(
            Kind.COUNTER,
            "ringtail_flows_duplicate_packets_total",
            "Packets skipped because they had been read before."),
    FLOWS_PACKETS_WITHOUT_FLOW(
            Kind.COUNTER,
            "ringtail_flows_packets_without_flow_total",
            "Of the packets read, those without IP addresses, which belong to no flow."),
    FLOWS_RECORDS(
            Kind.COUNTER,
            "ringtail_flows_records_total",
            "Flow records written; what an outage undoes counts all the same.");

    private static final String INFO_SUFFIX = "_info";

    private final Kind kind;
    private final String exposedName;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that can't be changed.
    private final List<Label> labels;

    Metric(Kind kind, String exposedName, String description, Label... labels) {
        this.kind = kind;
        this.exposedName = exposedName;
        this.description = description;
        this.labels = List.of(labels);
    }

    /// What a metric's value is.
    public enum Kind {
        /// A sum that only grows, from 0 at the start of the process.
        COUNTER,
        /// A level.
        GAUGE,
        /// Always 1; the labels tell something.
        INFO
    }

    /// What tells the series of a metric from each other.
    public enum Label {
        INTERFACE("name of the interface; of a lane, the one that it reads, or read last"),
        LANE("number of the lane, as in the ledger"),
        PARTITION("number of the partition of the packets topic"),
        REASON("why, as the ledger's summary has it, such as `ownTraffic`"),
        SENSOR("who captures: `sensorId`"),
        SESSION("this run of the sensor, as in the topics"),
        STATE("state of Kafka Streams: `running`, `rebalancing`, …"),
        VERSION("version of Ringtail");

        private final String description;

        Label(String description) {
            this.description = description;
        }

        /// Its name at the endpoint.
        public String exposedName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What its values are.
        public String description() {
            return description;
        }
    }

    public Kind kind() {
        return kind;
    }

    /// Its name at the endpoint.
    public String exposedName() {
        return exposedName;
    }

    /// Its name in Micrometer's form, from which it makes [#exposedName] again: it adds the suffix
    /// of a counter itself, and knows an info by the dot.
    String meterName() {
        return kind == Kind.INFO
                ? exposedName.replace(INFO_SUFFIX, ".info")
                : exposedName.replaceFirst("_total$", "");
    }

    /// What it is; the ledger's terms by their names.
    public String description() {
        return description;
    }

    /// Its labels, in the order in which [Samples] takes their values.
    public List<Label> labels() {
        return labels;
    }
}
