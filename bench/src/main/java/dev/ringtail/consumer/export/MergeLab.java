package dev.ringtail.consumer.export;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// An export's merge over records in memory, for the benchmark of it. It is in the merge's package
/// since nobody but the export and this needs the merge.
public final class MergeLab {
    private static final String TOPIC = "bench";
    private static final ExportQuery ALL =
            new ExportQuery(Long.MIN_VALUE, Long.MAX_VALUE, null, null, "", Long.MAX_VALUE);

    private final UnreadableBatches unreadable =
            new UnreadableBatches(TOPIC, new PrintWriter(Writer.nullWriter()));

    private final List<ConsumerRecord<byte[], ByteBuffer>> records = new ArrayList<>();
    private final BatchIndex index;
    private final long longestNs;
    private final long packetCount;

    /// @param values of records, in any order
    public MergeLab(List<byte[]> values) {
        values.stream().sorted(Comparator.comparingLong(MergeLab::maxNs)).forEach(this::addRecord);
        BatchCollector collector = collector();
        records.forEach(collector::add);
        index = collector.range().index();
        long longest = 0;
        long packets = 0;
        for (int batch = 0; batch < index.count(); batch++) {
            longest = Math.max(longest, index.maxNs(batch) - index.minNs(batch));
            packets += index.packetCount(batch);
        }
        longestNs = longest;
        packetCount = packets;
    }

    private static long maxNs(byte[] value) {
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(value);
        return reader.maxTimestampNs();
    }

    private void addRecord(byte[] value) {
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(value);
        records.add(
                new ConsumerRecord<>(
                        TOPIC, reader.partition(), records.size(), null, ByteBuffer.wrap(value)));
    }

    private BatchCollector collector() {
        return new BatchCollector(ALL, SchemaLookup.NONE, unreadable, Long.MAX_VALUE);
    }

    /// Packets in all records.
    public long packetCount() {
        return packetCount;
    }

    /// Merges records that are indexed, as the second of two passes does.
    ///
    /// @return something of each packet
    public long mergeIndexed() {
        BatchLoader loader =
                new BatchLoader(
                        index,
                        new Stash(Long.MAX_VALUE, index),
                        batch -> records.get(batch).value(),
                        cursor -> {},
                        SchemaLookup.NONE,
                        unreadable,
                        batch -> {});
        return pass(PacketMerge.ofAll(input(index), loader), Long.MAX_VALUE);
    }

    /// Indexes and merges records as they come, as an export in one pass does.
    ///
    /// @return something of each packet
    public long mergeAsTheyCome() {
        BatchCollector collector = collector();
        BatchIndex growing = collector.range().index();
        BatchLoader loader =
                BatchLoader.ofStashUnchecked(collector.range(), SchemaLookup.NONE, unreadable);
        PacketMerge merge = PacketMerge.ofNone(input(growing), loader);
        long sum = 0;
        for (ConsumerRecord<byte[], ByteBuffer> record : records) {
            collector.add(record);
            int batch = growing.count() - 1;
            merge.add(batch);
            // No record to come begins before this: they are in the order in which they end.
            sum += pass(merge, growing.maxNs(batch) - longestNs - 1);
        }
        return sum + pass(merge, Long.MAX_VALUE);
    }

    private static MergeInput input(BatchIndex batches) {
        return new MergeInput(batches, Map.of(), Map.of());
    }

    private static long pass(PacketMerge merge, long limitNs) {
        long sum = 0;
        while (merge.next(limitNs)) {
            PacketBatchReader packet = merge.lane().packet().packet();
            sum += packet.timestampNs() ^ packet.dataOffset();
        }
        return sum;
    }
}
