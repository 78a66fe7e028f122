package dev.ringtail.sensor.management;

import dev.ringtail.management.Managed;
import dev.ringtail.management.Metric;
import dev.ringtail.management.Samples;
import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;
import dev.ringtail.sensor.capture.InterfaceState;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A sensor as its management endpoint tells of it. The ledger's terms come from a report, as those
/// in the reports topic and in the summary do.
public final class ManagedSensor implements Managed {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Supplier<SensorState> sensor;

    /// @param sensor gives the state at the moment; called from any thread
    public ManagedSensor(Supplier<SensorState> sensor) {
        this.sensor = sensor;
    }

    @Override
    public List<String> troubles() {
        SensorState state = sensor.get();
        List<String> troubles = new ArrayList<>();
        Throwable failure = state.failure();
        if (failure != null) {
            troubles.add(Managed.failed(failure));
        }
        if (state.interfaces().stream().noneMatch(i -> i.named() || i.captured())) {
            troubles.add("no interface is captured: none that is up has a name like the patterns");
        }
        // What a pattern has found may come and go; what is named has to be there.
        state.interfaces().stream()
                .filter(i -> i.named() && !i.captured())
                .forEach(i -> troubles.add(notCaptured(i, state.report())));
        state.sink().troubles().forEach(trouble -> troubles.add(trouble.inWords()));
        return troubles;
    }

    private static String notCaptured(InterfaceState state, SensorReport report) {
        return openGap(report, state.interfaceName())
                .map(
                        gap ->
                                "interface %s: not captured since %s: %s"
                                        .formatted(
                                                state.interfaceName(),
                                                instantOf(gap.getFromNs())
                                                        .truncatedTo(ChronoUnit.SECONDS),
                                                gap.getReason()))
                .orElse("interface %s: not captured".formatted(state.interfaceName()));
    }

    private static Optional<GapReport> openGap(SensorReport report, String interfaceName) {
        return report.getGaps().stream()
                .filter(gap -> gap.getToNs() == 0 && gap.getInterfaceName().equals(interfaceName))
                .findFirst();
    }

    private static Instant instantOf(long timeNs) {
        return Instant.EPOCH.plusNanos(timeNs);
    }

    @Override
    public void collect(Samples into) {
        SensorState state = sensor.get();
        SensorReport report = state.report();
        into.add(Metric.SENSOR_INFO, 1, report.getSensorId(), report.getSessionId());
        report.getLanes().forEach(lane -> new LaneSamples(into, lane).add());
        for (LaneLedger lane : report.getLanes()) {
            Long newestNs = state.newestPacketNs().get(lane.getLane());
            if (newestNs != null) {
                into.add(
                        Metric.LAST_PACKET_TIMESTAMP,
                        newestNs / NANOS_PER_SECOND,
                        lane.getInterfaceName(),
                        lane.getLane());
            }
        }
        into.add(Metric.PUBLISH_LAG, state.sink().lag().toNanos() / NANOS_PER_SECOND);
        state.interfaces().forEach(i -> addInterface(into, i, report));
        report.getInterfaces().forEach(losses -> addLosses(into, losses));
    }

    private static void addInterface(Samples into, InterfaceState state, SensorReport report) {
        String name = state.interfaceName();
        into.add(Metric.INTERFACE_UP, state.captured() ? 1 : 0, name);
        double gapSeconds =
                openGap(report, name)
                        .map(gap -> (report.getReportTimeNs() - gap.getFromNs()) / NANOS_PER_SECOND)
                        .orElse(0.0);
        into.add(Metric.CAPTURE_GAP, gapSeconds, name);
    }

    private static void addLosses(Samples into, InterfaceReport losses) {
        String name = losses.getInterfaceName();
        into.add(Metric.INTERFACE_MISSED_PACKETS, losses.getRxMissed(), name);
        into.add(Metric.INTERFACE_FIFO_ERRORS, losses.getRxFifo(), name);
        into.add(Metric.INTERFACE_DROPPED_PACKETS, losses.getRxDropped(), name);
        into.add(Metric.SOFTNET_DROPPED_PACKETS, losses.getSoftnetDropped(), name);
    }

    /// The samples of one lane's account.
    private record LaneSamples(Samples into, LaneLedger lane) {
        void add() {
            add(Metric.KERNEL_PACKETS, lane.getKernelPackets());
            add(Metric.KERNEL_DROPS, lane.getKernelDrops());
            add(Metric.RING_FREEZES, lane.getRingFreezes());
            add(Metric.ROLLED_OVER_PACKETS, lane.getRolledOver());
            add(Metric.ROLLED_OVER_HUGE_PACKETS, lane.getRolledOverHuge());
            add(Metric.ROLLOVER_FAILED_PACKETS, lane.getRolloverFailed());
            add(Metric.RECEIVED_PACKETS, lane.getReceived().getPackets());
            add(Metric.RECEIVED_BYTES, lane.getReceived().getBytes());
            add(Metric.EXCLUDED_PACKETS, "ownTraffic", lane.getExcludedOwnTraffic());
            add(Metric.EXCLUDED_PACKETS, "outgoing", lane.getExcludedOutgoing());
            add(Metric.EXCLUDED_PACKETS, "sampledOut", lane.getExcludedSampledOut());
            add(Metric.EXCLUDED_PACKETS, "staleFilter", lane.getExcludedStaleFilter());
            add(Metric.MALFORMED_PACKETS, lane.getMalformed().getPackets());
            add(Metric.SHED_PACKETS, lane.getShed());
            add(Metric.PENDING_PACKETS, lane.getPending().getPackets());
            add(Metric.PUBLISHED_PACKETS, lane.getPublished().getPackets());
            add(Metric.PUBLISHED_BYTES, lane.getPublished().getBytes());
            add(Metric.CUT_PACKETS, lane.getCut().getPackets());
            add(Metric.ACKNOWLEDGED_PACKETS, lane.getAcknowledged().getPackets());
            add(Metric.ACKNOWLEDGED_BYTES, lane.getAcknowledged().getBytes());
            add(Metric.REJECTED_PACKETS, lane.getRejected());
            add(Metric.UNKNOWN_PACKETS, lane.getUnknown().getPackets());
            add(Metric.IN_FLIGHT_PACKETS, lane.getInFlight().getPackets());
            add(Metric.SPOOLED_PACKETS, lane.getSpooled().getPackets());
        }

        private void add(Metric metric, long value) {
            into.add(metric, value, lane.getInterfaceName(), lane.getLane());
        }

        private void add(Metric metric, String reason, Tally tally) {
            into.add(metric, tally.getPackets(), lane.getInterfaceName(), lane.getLane(), reason);
        }

        private void add(Metric metric, Map<String, Tally> byReason) {
            byReason.forEach((reason, tally) -> add(metric, reason, tally));
        }
    }
}
