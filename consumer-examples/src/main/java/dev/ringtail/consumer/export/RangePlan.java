package dev.ringtail.consumer.export;

import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.schema.LateRun;
import dev.ringtail.schema.SensorReport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Which offsets of the packets topic an export has to look at.
///
/// Record timestamps are those of the youngest packet, so before the first record with a timestamp
/// in the range nothing of it can be. Behind the range's end records come that are younger, but for
/// those that were published late; the ledger reports list these.
///
/// @param ranges what to read, each partition's in the order of offsets
/// @param usesLateRuns whether anything was left out because the reports do not list it
record RangePlan(List<OffsetRange> ranges, boolean usesLateRuns) {
    /// A record that is not listed as late comes at most this much after its packets: a sensor
    /// counts what it sends more than 10 s late, and a producer's delivery timeout is 2 min.
    private static final Duration UNLISTED_LATENESS = Duration.ofMinutes(5);

    /// The whole topic.
    static RangePlan everything(List<OffsetRange> everything) {
        return new RangePlan(everything, false);
    }

    /// From the range's beginning to the topic's end.
    static RangePlan fromStart(
            TopicReader reader, List<OffsetRange> everything, ExportQuery query) {
        if (!query.hasFrom()) {
            return everything(everything);
        }
        Map<Integer, OptionalLong> starts =
                reader.offsetsForTime(Math.floorDiv(query.fromNs(), ExportQuery.NS_PER_MS));
        return new RangePlan(
                everything.stream().map(range -> range.from(offset(starts, range))).toList(),
                false);
    }

    /// From the range's beginning to where only late records can be of it, and these.
    ///
    /// @param reports the newest ledger report of each session
    static RangePlan withLateRuns(
            TopicReader reader,
            List<OffsetRange> everything,
            ExportQuery query,
            Collection<SensorReport> reports) {
        List<OffsetRange> fromStart = fromStart(reader, everything, query).ranges();
        if (!query.hasTo() || reports.isEmpty()) {
            return new RangePlan(fromStart, false);
        }
        long endMs =
                Math.floorDiv(query.toNs(), ExportQuery.NS_PER_MS) + UNLISTED_LATENESS.toMillis();
        Map<Integer, OptionalLong> ends = reader.offsetsForTime(endMs);
        List<OffsetRange> ranges = new ArrayList<>();
        boolean leftOut = false;
        for (OffsetRange range : fromStart) {
            long end = Math.max(range.first(), offset(ends, range));
            ranges.add(range.before(end));
            ranges.addAll(lateRuns(range.from(end), query, reports));
            leftOut |= end < range.end();
        }
        return new RangePlan(ranges, leftOut);
    }

    /// The late runs of a range of offsets that may hold packets of the time range.
    private static List<OffsetRange> lateRuns(
            OffsetRange within, ExportQuery query, Collection<SensorReport> reports) {
        List<OffsetRange> runs =
                reports.stream()
                        .filter(report -> query.wantsSensor(report.getSensorId()))
                        .flatMap(report -> report.getLateRuns().stream())
                        .filter(run -> run.getPartition() == within.partition())
                        .filter(
                                run ->
                                        query.overlaps(
                                                run.getMinTimestampNs(), run.getMaxTimestampNs()))
                        .map(RangePlan::range)
                        .map(run -> run.from(within.first()).before(within.end()))
                        .filter(run -> !run.isEmpty())
                        .sorted(Comparator.comparingLong(OffsetRange::first))
                        .toList();
        List<OffsetRange> apart = new ArrayList<>();
        long end = within.first();
        for (OffsetRange run : runs) {
            OffsetRange rest = run.from(end);
            if (!rest.isEmpty()) {
                apart.add(rest);
                end = rest.end();
            }
        }
        return apart;
    }

    private static OffsetRange range(LateRun run) {
        return new OffsetRange(run.getPartition(), run.getFirstOffset(), run.getLastOffset() + 1);
    }

    private static long offset(Map<Integer, OptionalLong> offsets, OffsetRange range) {
        return offsets.getOrDefault(range.partition(), OptionalLong.empty()).orElse(range.end());
    }
}
