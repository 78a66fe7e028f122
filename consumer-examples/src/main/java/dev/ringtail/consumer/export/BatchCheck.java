package dev.ringtail.consumer.export;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.function.Predicate;

/// Whether a record that the export may want holds a batch of which every packet can be read. It is
/// asked by the thread that reads ahead: the value is in its processor's cache, and the thread that
/// writes is the busier one.
final class BatchCheck implements Predicate<ConsumerRecord<byte[], ByteBuffer>> {
    private final ExportQuery query;
    private final PacketBatchReader reader;

    BatchCheck(ExportQuery query, SchemaLookup schemas) {
        this.query = query;
        this.reader = new PacketBatchReader(schemas);
    }

    /// @return false too where that is not known, as nothing of the record is wanted
    @Override
    public boolean test(ConsumerRecord<byte[], ByteBuffer> record) {
        BatchHead head = BatchHead.ofHeaders(record);
        if (record.value() == null || (head != null && !mayBeWanted(head))) {
            return false;
        }
        try {
            reader.wrap(record.value());
            reader.check();
            return true;
        } catch (BatchFormatException e) {
            // Who loads the batch finds the same, and reports it.
            return false;
        }
    }

    private boolean mayBeWanted(BatchHead head) {
        return query.wantsSensor(head.lane().sensorId())
                && query.overlaps(head.minTimestampNs(), head.maxTimestampNs());
    }
}
