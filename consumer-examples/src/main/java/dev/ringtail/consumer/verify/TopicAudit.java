package dev.ringtail.consumer.verify;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.consumer.LaneKey;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts what the packets topic holds, stream by stream.
///
/// Every value is decoded to its last packet: a batch is present when it can be read.
final class TopicAudit {
    /// A stream of packet numbers.
    ///
    /// @param lane session and lane
    /// @param partition of the packets topic
    record StreamKey(LaneKey lane, int partition) implements Comparable<StreamKey> {
        @Override
        public int compareTo(StreamKey other) {
            int order = lane.compareTo(other.lane);
            return order != 0 ? order : Integer.compare(partition, other.partition);
        }
    }

    private final PacketBatchReader reader;
    private final TreeMap<StreamKey, StreamAudit> streams = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();

    TopicAudit(SchemaLookup schemas) {
        this.reader = new PacketBatchReader(schemas);
    }

    /// Takes up one record.
    void add(ConsumerRecord<byte[], ByteBuffer> record) {
        try {
            if (record.value() == null) {
                throw new BatchFormatException("record has no value", 0);
            }
            reader.wrap(record.value());
            reader.check();
        } catch (BatchFormatException e) {
            unreadable.add(
                    "unreadable batch in %s, partition %d, offset %d: %s"
                            .formatted(
                                    record.topic(),
                                    record.partition(),
                                    record.offset(),
                                    e.getMessage()));
            return;
        }
        BatchHead head = BatchHead.of(reader);
        streams.computeIfAbsent(
                        new StreamKey(head.lane(), record.partition()), key -> new StreamAudit())
                .add(head.firstPacketNumber(), head.endPacketNumber());
    }

    /// The streams that were met.
    Map<StreamKey, StreamAudit> streams() {
        return streams;
    }

    /// What is wrong with each batch that cannot be read.
    List<String> unreadable() {
        return unreadable;
    }
}
