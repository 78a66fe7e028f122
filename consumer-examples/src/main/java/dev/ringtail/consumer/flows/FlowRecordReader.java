package dev.ringtail.consumer.flows;

import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.consumer.CommandException;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.RecordDecoder;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SingleObject;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Reads the committed records of the flows topic, from its beginning. One thread.
final class FlowRecordReader implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FlowRecordReader.class);

    /// Longer than Kafka Streams' transaction timeout: what a crashed analysis has left open holds
    /// readers up until then.
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RecordDecoder<FlowRecord> decoder;

    /// @param clientProperties as for any Kafka client, `bootstrap.servers` among them
    /// @param partitions of the flows topic
    FlowRecordReader(
            Map<String, Object> clientProperties,
            List<TopicPartition> partitions,
            SchemaLookup schemas) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        decoder = SingleObject.decoder(FlowRecord.class, schemas);
    }

    /// Reads until every partition has come to its end.
    ///
    /// @param ends one beyond the last offset to read of each partition
    /// @throws CommandException if reading comes no further for [#STALL_TIMEOUT]
    void readTo(Map<TopicPartition, Long> ends, Consumer<FlowRecord> sink) {
        long deadlineNs = System.nanoTime() + STALL_TIMEOUT.toNanos();
        long left = remaining(ends);
        while (left > 0) {
            poll(sink);
            long nowLeft = remaining(ends);
            if (nowLeft != left) {
                left = nowLeft;
                deadlineNs = System.nanoTime() + STALL_TIMEOUT.toNanos();
            } else if (System.nanoTime() - deadlineNs > 0) {
                throw new CommandException(
                        "reading flows came no further for %d s, with %d offsets left: a"
                                        .formatted(STALL_TIMEOUT.toSeconds(), left)
                                + " transaction is still open, or the broker is not well");
            }
        }
    }

    private long remaining(Map<TopicPartition, Long> ends) {
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            left += Math.max(0, end.getValue() - consumer.position(end.getKey()));
        }
        return left;
    }

    /// Reads what has come, waiting for it a moment.
    void poll(Consumer<FlowRecord> sink) {
        for (ConsumerRecord<byte[], byte[]> record : records()) {
            try {
                if (record.value() == null) {
                    throw new BatchFormatException("record without a value", 0);
                }
                sink.accept(decoder.decode(record.value()));
            } catch (BatchFormatException e) {
                LOGGER.warn(
                        "skipped a corrupt flow record: topic {}, partition {}, offset {}: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> records() {
        try {
            return consumer.poll(POLL_TIMEOUT);
        } catch (TopicAuthorizationException e) {
            throw new CommandException(
                    "reading flows failed: "
                            + KafkaFaults.describe(
                                    e,
                                    "READ on topic " + String.join(", ", e.unauthorizedTopics())),
                    e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
