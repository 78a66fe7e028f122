package dev.ringtail.consumer.testing;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.LateRun;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.StreamReport;
import dev.ringtail.schema.Tally;

import java.util.List;
import java.util.Map;

/// Ledger reports for tests: one lane, all that was received published and acknowledged.
public final class Reports {
    private Reports() {}

    /// A final report that balances.
    ///
    /// @param acknowledged packets that Kafka has
    public static SensorReport report(
            String sensor,
            String session,
            long acknowledged,
            List<StreamReport> streams,
            List<LateRun> lateRuns) {
        Tally all = new Tally(acknowledged, 60 * acknowledged);
        Tally none = new Tally(0L, 0L);
        LaneLedger lane =
                LaneLedger.newBuilder()
                        .setLane(0)
                        .setInterfaceName("eth0")
                        .setKernelPackets(acknowledged + 7)
                        .setKernelDrops(7)
                        .setReceived(all)
                        .setPublished(all)
                        .setExcludedOwnTraffic(none)
                        .setExcludedOutgoing(none)
                        .setExcludedSampledOut(none)
                        .setExcludedStaleFilter(none)
                        .setMalformed(none)
                        .setShed(Map.of())
                        .setPending(none)
                        .setAcknowledged(all)
                        .setRejected(Map.of())
                        .setUnknown(none)
                        .setInFlight(none)
                        .setSpooled(none)
                        .setCut(none)
                        .build();
        return SensorReport.newBuilder()
                .setSensorId(sensor)
                .setSessionId(session)
                .setStartTimeNs(1)
                .setReportTimeNs(2_000_000_000)
                .setFinal$(true)
                .setPartitionCount(2)
                .setLanes(List.of(lane))
                .setStreams(streams)
                .setInterfaces(List.of(new InterfaceReport("eth0", 3L, 2L, 0L, 0L)))
                .setCaptures(List.of())
                .setLateRuns(lateRuns)
                .setGaps(List.of())
                .build();
    }
}
