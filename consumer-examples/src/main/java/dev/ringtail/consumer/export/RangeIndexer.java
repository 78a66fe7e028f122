package dev.ringtail.consumer.export;

import dev.ringtail.consumer.LaneKey;
import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// An export's first pass: finds the batches of the time range, at no more reading than is safe.
final class RangeIndexer {
    private final TopicReader reader;
    private final ExportQuery query;
    private final SchemaLookup schemas;
    private final long stashBytes;
    private final PrintWriter err;
    private final Progress progress;
    private final BooleanSupplier stop;

    /// @param stop asked now and then; true ends the pass early
    RangeIndexer(
            TopicReader reader,
            ExportQuery query,
            SchemaLookup schemas,
            long stashBytes,
            PrintWriter err,
            Progress progress,
            BooleanSupplier stop) {
        this.reader = reader;
        this.query = query;
        this.schemas = schemas;
        this.stashBytes = stashBytes;
        this.err = err;
        this.progress = progress;
        this.stop = stop;
    }

    /// Indexes the range.
    ///
    /// @param everything what the topic holds
    /// @param reports the newest ledger report of each session
    /// @param unreadable told of batches that cannot be read
    IndexedRange index(
            List<OffsetRange> everything,
            Collection<SensorReport> reports,
            UnreadableBatches unreadable) {
        RangePlan plan = RangePlan.withLateRuns(reader, everything, query, reports);
        BatchCollector collected = collect(plan, unreadable);
        if (collected.sawLogAppendTime() && (query.hasFrom() || query.hasTo())) {
            err.println(
                    "topic "
                            + reader.topic()
                            + " has message.timestamp.type=LogAppendTime, which says nothing of"
                            + " when packets were captured: reading all of it");
            return collect(RangePlan.everything(everything), unreadable).range();
        }
        Set<String> unreported = sessionsWithoutReport(collected, reports);
        if (plan.usesLateRuns() && !unreported.isEmpty()) {
            err.println(
                    "no report of session "
                            + String.join(", ", unreported)
                            + ", so where its late packets are is not known: reading to the"
                            + " topic's end");
            return collect(RangePlan.fromStart(reader, everything, query), unreadable).range();
        }
        return collected.range();
    }

    private BatchCollector collect(RangePlan plan, UnreadableBatches unreadable) {
        BatchCollector collector = new BatchCollector(query, schemas, unreadable, stashBytes);
        reader.read(
                plan.ranges(),
                record -> {
                    collector.add(record);
                    progress.indexed(collector.batchCount());
                },
                stop);
        return collector;
    }

    private static Set<String> sessionsWithoutReport(
            BatchCollector collected, Collection<SensorReport> reports) {
        Set<String> reported =
                reports.stream()
                        .map(r -> Topics.reportKey(r.getSensorId(), r.getSessionId()))
                        .collect(Collectors.toSet());
        return collected.range().index().lanes().stream()
                .map(RangeIndexer::sessionKey)
                .filter(key -> !reported.contains(key))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String sessionKey(LaneKey lane) {
        return Topics.reportKey(lane.sensorId(), lane.sessionId());
    }
}
