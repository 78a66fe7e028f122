package dev.ringtail.consumer.export;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

import java.nio.ByteBuffer;
import java.util.TreeSet;

/// Puts records of the packets topic into an index, and their values into a stash.
///
/// A batch outside the time range is judged by its headers; of one within, the value up to the
/// packets is decoded.
final class BatchCollector {
    private final IndexedRange range;
    private final ExportQuery query;
    private final UnreadableBatches unreadable;
    private final PacketBatchReader reader;
    private boolean logAppendTime;

    /// @param stashBytes most bytes of values to keep
    BatchCollector(
            ExportQuery query,
            SchemaLookup schemas,
            UnreadableBatches unreadable,
            long stashBytes) {
        BatchIndex index = new BatchIndex();
        this.range =
                new IndexedRange(
                        index, new Stash(stashBytes, index), new TreeSet<>(), new PacketSources());
        this.query = query;
        this.unreadable = unreadable;
        this.reader = new PacketBatchReader(schemas);
    }

    /// Takes up one record.
    void add(ConsumerRecord<byte[], ByteBuffer> record) {
        logAppendTime |= record.timestampType() == TimestampType.LOG_APPEND_TIME;
        BatchHead head = BatchHead.ofHeaders(record);
        if (head != null) {
            range.sources().addSensor(head.lane().sensorId());
        }
        if (head != null && !query.wants(head)) {
            leaveOut(head, record);
            return;
        }
        try {
            addByValue(record);
        } catch (BatchFormatException e) {
            unreadable.report(record.partition(), record.offset(), String.valueOf(e.getMessage()));
        }
    }

    private void addByValue(ConsumerRecord<byte[], ByteBuffer> record) {
        if (record.value() == null) {
            throw new BatchFormatException("record has no value", 0);
        }
        reader.wrap(record.value());
        BatchHead head = BatchHead.of(reader);
        if (head.minTimestampNs() < 0) {
            throw new BatchFormatException(
                    "capture time "
                            + head.minTimestampNs()
                            + " ns is before 1970, which no capture file can hold",
                    0);
        }
        range.sources().addSensor(head.lane().sensorId());
        if (query.wantsSensor(head.lane().sensorId())) {
            range.sources().addInterface(reader.interfaceName());
        }
        if (!query.wants(head, reader.interfaceName())) {
            leaveOut(head, record);
            return;
        }
        range.linkTypes().add(reader.linkType());
        int batch =
                range.index()
                        .addWanted(
                                head,
                                record.partition(),
                                record.offset(),
                                reader.firstLaneNumber(),
                                reader.baseTimestampNs());
        range.stash().offer(batch, record.value());
    }

    /// The index has what a wanted sensor's numbers go on from; other sensors' are nobody's matter.
    private void leaveOut(BatchHead head, ConsumerRecord<byte[], ByteBuffer> record) {
        if (query.wantsSensor(head.lane().sensorId())) {
            range.index().addUnwanted(head, record.partition(), record.offset());
        }
    }

    /// What has been collected.
    IndexedRange range() {
        return range;
    }

    /// Count of batches collected.
    int batchCount() {
        return range.index().count();
    }

    /// Whether the topic stamps records with the time at which they came, not with that of the
    /// packets.
    boolean sawLogAppendTime() {
        return logAppendTime;
    }
}
