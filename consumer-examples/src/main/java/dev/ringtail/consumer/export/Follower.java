package dev.ringtail.consumer.export;

import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.TroubleLines;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.common.TopicPartition;

import java.io.Flushable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Goes on behind the end of an export: new batches are gathered for a second and merged, so that
/// what was captured at the same time and comes within that second is in order.
final class Follower {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    /// How long packets may be on their way from a sensor.
    private static final Duration LATE = Duration.ofSeconds(5);

    private final TopicReader reader;
    private final ExportQuery query;
    private final SchemaLookup schemas;
    private final long stashBytes;
    private final UnreadableBatches unreadable;
    private final TroubleLines troubles;
    private final BooleanSupplier stop;

    /// @param troubles tells the user where Kafka does not answer
    /// @param stop asked now and then; true ends the following
    Follower(
            TopicReader reader,
            ExportQuery query,
            SchemaLookup schemas,
            long stashBytes,
            UnreadableBatches unreadable,
            TroubleLines troubles,
            BooleanSupplier stop) {
        this.reader = reader;
        this.query = query;
        this.schemas = schemas;
        this.stashBytes = stashBytes;
        this.unreadable = unreadable;
        this.troubles = troubles;
        this.stop = stop;
    }

    /// Writes what comes, until the end is asked for or reached: by their number, or where packets
    /// are wanted before a capture time, with what the topic holds a while after that.
    ///
    /// @param exported what has been exported; the offsets behind it come next
    /// @param numbers packet numbers so far
    /// @param flush called when what came has been written
    void follow(
            List<OffsetRange> exported, StreamNumbers numbers, MergedExport export, Flushable flush)
            throws IOException {
        Map<TopicPartition, Long> starts = new HashMap<>();
        exported.forEach(range -> starts.put(reader.partition(range.partition()), range.end()));
        reader.assign(starts);
        List<OffsetRange> last = List.of();
        while (!export.isDone() && (last.isEmpty() || !hasReached(last))) {
            // An outage is waited out here as well: the topic holds what came before.
            if (last.isEmpty() && isOver() && reader.answers()) {
                last = reader.everything();
            }
            IndexedRange window = gather();
            if (window.index().count() > 0) {
                BatchLoader loader = BatchLoader.ofStash(window, schemas, unreadable);
                export.write(PacketMerge.ofAll(numbers.advance(window.index(), query), loader));
                flush.flush();
            }
            troubles.look(troubles(window));
        }
    }

    private List<String> troubles(IndexedRange window) {
        return window.index().count() > 0 || reader.answers()
                ? List.of()
                : List.of("Kafka at %s does not answer".formatted(reader.bootstrapServer()));
    }

    private boolean isOver() {
        return query.hasTo() && query.toNs() < ExportQuery.nanoseconds(Instant.now().minus(LATE));
    }

    private boolean hasReached(List<OffsetRange> last) {
        return last.stream()
                .allMatch(
                        range ->
                                reader.position(reader.partition(range.partition()))
                                        >= range.end());
    }

    /// Gathers for a second, or until the stash is half full: all of it must fit.
    private IndexedRange gather() {
        BatchCollector collector = new BatchCollector(query, schemas, unreadable, Long.MAX_VALUE);
        long endNs = System.nanoTime() + WINDOW.toNanos();
        while (System.nanoTime() < endNs
                && collector.range().stash().bytes() < stashBytes / 2
                && !stop.getAsBoolean()) {
            reader.poll(false).forEach(collector::add);
        }
        return collector.range();
    }
}
