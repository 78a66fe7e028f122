package dev.ringtail.bench.peer;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Drains a topic and does nothing with it, with the settings that `ringtail export` reads with.
public final class ConsumerProgram {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private ConsumerProgram() {}

    /// @param arguments bootstrap server, topic
    public static void main(String[] arguments) {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0],
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "16",
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "16777216",
                        ConsumerConfig.RECEIVE_BUFFER_CONFIG, "-1",
                        ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(arguments[1]).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long left =
                    consumer.endOffsets(partitions).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            long bytes = 0;
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    left--;
                    bytes += record.value().length;
                }
            }
            System.out.println(bytes);
        }
    }
}
