package dev.ringtail.demo;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;

import java.util.function.ToLongFunction;

/// What a ledger says that is worth watching, all lanes together.
///
/// @param timeNs when the ledger was read, nanoseconds since 1970
/// @param captured packets kept so far: handed to the publisher, or in a batch that is still open
/// @param capturedBytes captured bytes of those packets
/// @param acknowledged packets that Kafka has acknowledged
/// @param kernelDrops packets that the kernel dropped because a ring was full
/// @param ownTraffic packets left out because they are the demo's own, to and from Kafka
/// @param outgoing packets left out because they are seen again when they come in
record Figures(
        long timeNs,
        long captured,
        long capturedBytes,
        long acknowledged,
        long kernelDrops,
        long ownTraffic,
        long outgoing) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// The figures of a report.
    static Figures of(SensorReport report) {
        return new Figures(
                report.getReportTimeNs(),
                sum(report, l -> l.getPublished().getPackets() + l.getPending().getPackets()),
                sum(report, l -> l.getPublished().getBytes() + l.getPending().getBytes()),
                sum(report, l -> l.getAcknowledged().getPackets()),
                sum(report, LaneLedger::getKernelDrops),
                sum(report, l -> l.getExcludedOwnTraffic().getPackets()),
                sum(report, l -> l.getExcludedOutgoing().getPackets()));
    }

    /// Packets that are captured and not yet acknowledged. The terms are read one after the other,
    /// so it may be off by a batch while the sensor runs.
    long lag() {
        return Math.max(0, captured - acknowledged);
    }

    /// Packets captured a second since an earlier reading.
    double packetsPerSecond(Figures earlier) {
        return perSecond(captured - earlier.captured, earlier);
    }

    /// Bytes captured a second since an earlier reading.
    double bytesPerSecond(Figures earlier) {
        return perSecond(capturedBytes - earlier.capturedBytes, earlier);
    }

    private double perSecond(long count, Figures earlier) {
        long elapsedNs = timeNs - earlier.timeNs;
        return elapsedNs <= 0 ? 0 : count * NANOS_PER_SECOND / elapsedNs;
    }

    private static long sum(SensorReport report, ToLongFunction<LaneLedger> term) {
        return report.getLanes().stream().mapToLong(term).sum();
    }
}
