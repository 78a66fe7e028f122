package dev.ringtail.consumer.export;

import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// An export while the topic is being read: takes it that partitions hold batches about in the
/// order of time, which those of sensors that can reach Kafka are in, and writes what all
/// partitions have passed. A batch that should have come earlier, by its numbers or its time, ends
/// the pass, and so does one that turns out to be corrupt when some of its packets may have been
/// written; what the pass wrote is not the export then.
final class OnePass {
    /// By how much lanes are thought to be apart in the topic: the age of a batch, and its way.
    private static final Duration LANES_APART = Duration.ofMillis(500);

    /// More would be there sooner than it is needed, and be moved about by the garbage collector.
    private static final long READ_AHEAD_BYTES = 32L << 20;

    private final TopicReader reader;
    private final ExportQuery query;
    private final SchemaLookup schemas;
    private final long stashBytes;
    private final UnreadableBatches unreadable;
    private final Consumer<SortedSet<Integer>> checkLinkTypes;
    private final BooleanSupplier stop;

    /// @param checkLinkTypes told of the LINKTYPE_* of the wanted batches when there are new ones,
    ///   before any of their packets is written
    /// @param stop asked now and then; true ends the pass early
    OnePass(
            TopicReader reader,
            ExportQuery query,
            SchemaLookup schemas,
            long stashBytes,
            UnreadableBatches unreadable,
            Consumer<SortedSet<Integer>> checkLinkTypes,
            BooleanSupplier stop) {
        this.reader = reader;
        this.query = query;
        this.schemas = schemas;
        this.stashBytes = stashBytes;
        this.unreadable = unreadable;
        this.checkLinkTypes = checkLinkTypes;
        this.stop = stop;
    }

    /// Writes the packets of ranges of offsets.
    ///
    /// @param ranges one a partition
    /// @return where the packets were from
    /// @throws OutOfOrderException if what was written is not the export
    /// @throws BatchFormatException as above, because of a corrupt batch
    /// @throws IOException if the output fails
    PacketSources write(List<OffsetRange> ranges, MergedExport export) throws IOException {
        BatchCollector collector = new BatchCollector(query, schemas, unreadable, Long.MAX_VALUE);
        IndexedRange range = collector.range();
        Map<Integer, Long> gaps = new HashMap<>();
        BatchLoader loader = BatchLoader.ofStashUnchecked(range, schemas, unreadable);
        PacketMerge merge =
                PacketMerge.ofNone(new MergeInput(range.index(), gaps, Map.of()), loader);
        StreamNumbers numbers = new StreamNumbers();
        SortedSet<Integer> checked = new TreeSet<>();
        long readAheadBytes = Math.min(READ_AHEAD_BYTES, stashBytes / 2);
        try (ReadAhead ahead = ReadAhead.start(reader, ranges, readAheadBytes, stop)) {
            ReadAhead.Chunk chunk = ahead.take(0);
            while (chunk != null && !export.isDone()) {
                for (ConsumerRecord<byte[], ByteBuffer> record : chunk.records()) {
                    add(record, collector, numbers, gaps, merge);
                }
                if (checked.addAll(range.linkTypes())) {
                    checkLinkTypes.accept(checked);
                }
                boolean full = range.stash().bytes() > readAheadBytes;
                export.write(merge, limitNs(chunk.reachedMs(), range.index(), full));
                if (range.stash().bytes() > stashBytes) {
                    throw new OutOfOrderException(
                            "%d bytes of batches wait for earlier ones"
                                    .formatted(range.stash().bytes()));
                }
                chunk = ahead.take(range.stash().bytes());
            }
        }
        if (checked.isEmpty()) {
            checkLinkTypes.accept(checked);
        }
        export.write(merge);
        return range.sources();
    }

    private void add(
            ConsumerRecord<byte[], ByteBuffer> record,
            BatchCollector collector,
            StreamNumbers numbers,
            Map<Integer, Long> gaps,
            PacketMerge merge) {
        BatchIndex index = collector.range().index();
        int batch = index.count();
        collector.add(record);
        if (index.count() > batch) {
            numbers.advance(index, batch, query, gaps);
            if (index.isWanted(batch)) {
                merge.add(batch);
            }
        }
        if (collector.sawLogAppendTime()) {
            throw new OutOfOrderException("record timestamps are not those of the packets");
        }
    }

    /// Up to which capture time no batch is thought to be still to come.
    ///
    /// @param full whether memory is short, so that less is waited for
    private static long limitNs(OptionalLong reachedMs, BatchIndex index, boolean full) {
        if (reachedMs.isEmpty()) {
            return Long.MIN_VALUE;
        }
        // A record's timestamp is that of its last packet, rounded up.
        long reachedNs = (reachedMs.getAsLong() - 1) * ExportQuery.NS_PER_MS;
        return index.lanes().size() == 1 || full ? reachedNs : reachedNs - LANES_APART.toNanos();
    }
}
