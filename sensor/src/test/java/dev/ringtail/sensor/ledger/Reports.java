package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;

import java.util.List;
import java.util.Map;

/// Reports with every term in use.
final class Reports {
    private Reports() {}

    static SensorReport report(List<LaneLedger> lanes) {
        return SensorReport.newBuilder()
                .setSensorId("alpha")
                .setSessionId("s1")
                .setStartTimeNs(1_000_000_000L)
                .setReportTimeNs(2_500_000_000L)
                .setFinal$(true)
                .setPartitionCount(16)
                .setLanes(lanes)
                .setStreams(List.of())
                .setInterfaces(List.of())
                .setCaptures(List.of())
                .setLateRuns(List.of())
                .setGaps(List.of())
                .build();
    }

    static LaneLedger balancedLane(int lane) {
        return LaneLedger.newBuilder()
                .setLane(lane)
                .setInterfaceName("eth" + lane)
                .setKernelPackets(1000)
                .setKernelDrops(100)
                .setRingFreezes(3)
                .setReceived(new Tally(900L, 9000L))
                .setPublished(new Tally(100L, 970L))
                .setExcludedOwnTraffic(new Tally(200L, 2000L))
                .setExcludedOutgoing(new Tally(300L, 3000L))
                .setExcludedSampledOut(new Tally(40L, 400L))
                .setExcludedStaleFilter(new Tally(0L, 0L))
                .setMalformed(new Tally(110L, 1100L))
                .setShed(Map.of("hand-off full", new Tally(50L, 500L)))
                .setPending(new Tally(100L, 1000L))
                .setAcknowledged(new Tally(60L, 600L))
                .setRejected(Map.of("RecordTooLargeException", new Tally(10L, 100L)))
                .setUnknown(new Tally(5L, 50L))
                .setInFlight(new Tally(25L, 220L))
                .setSpooled(new Tally(0L, 0L))
                .setCut(new Tally(1L, 30L))
                .build();
    }
}
