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
/// writes is the busier one. Of a batch of an older schema the bytes are no packets as they stand:
/// it is resolved to the newest here, and again by who takes it up.
final class BatchCheck implements Predicate<ConsumerRecord<byte[], ByteBuffer>> {
    private final ExportQuery query;
    private final PacketBatchReader reader;

    BatchCheck(ExportQuery query, SchemaLookup schemas) {
        this.query = query;
        this.reader = new PacketBatchReader(schemas);
    }

    /// @return false too where that is not known, as nothing of the batch is wanted
    @Override
    public boolean test(ConsumerRecord<byte[], ByteBuffer> record) {
        BatchHead head = BatchHead.ofHeaders(record);
        if (record.value() == null || (head != null && !query.wants(head))) {
            return false;
        }
        try {
            reader.wrap(record.value());
            if (!query.wants(BatchHead.of(reader), reader.interfaceName())) {
                return false;
            }
            reader.check();
            return true;
        } catch (BatchFormatException e) {
            // Who loads the batch finds the same, and reports it.
            return false;
        }
    }
}
