package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;

/// Kafka's own producers, and a broker.
class PacketProducerIT {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final TopicSettings SETTINGS =
            new TopicSettings(TestLane.PARTITION_COUNT, 1L << 30, BATCH_BYTES);
    private static final int ROUNDS = 6;
    private static final int BATCHES_A_ROUND = 200;

    @TempDir private Path folder;

    @Test
    void aPartitionKeepsItsOrderWhenTheProducerChanges() {
        long seed = 5;
        Random random = new Random(seed);
        try (LocalKafka broker = LocalKafka.start(folder, 0, Map.of())) {
            KafkaSettings kafka =
                    new KafkaSettings(
                            Map.of(
                                    "bootstrap.servers",
                                    broker.bootstrapServers(),
                                    "max.block.ms",
                                    "60000"));
            Topics topics = Topics.withPrefix("test");
            TopicSetup.prepare(kafka, topics, SETTINGS);
            PacketProducer producer = PacketProducer.open(kafka, BATCH_BYTES);
            long nowNs = System.nanoTime();
            int number = 0;
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                boolean compressible = round % 2 == 1;
                for (int i = 0; i < BATCHES_A_ROUND; i++) {
                    byte[] value = new byte[CompressionGain.MIN_SAMPLE_BYTES];
                    if (!compressible) {
                        random.nextBytes(value);
                    }
                    ByteBuffer.wrap(value).putInt(number++);
                    nowNs += Duration.ofSeconds(1).toNanos();
                    producer.sample(value, nowNs, () -> Duration.ZERO);
                    answers.add(
                            producer.present()
                                    .send(new ProducerRecord<>(topics.packets(), 0, null, value)));
                }
                producer.present().flush();
                assertThat(producer.isCompressing()).isEqualTo(compressible);
                assertThat(compressionRate(producer))
                        .isBetween(compressible ? 0.0 : 0.99, compressible ? 0.5 : 1.0);
            }
            assertThat(answers).hasSize(number);
            for (Future<RecordMetadata> answer : answers) {
                assertThat(answer).succeedsWithin(Duration.ofMinutes(1));
            }
            producer.close();

            assertThat(TopicReader.readAll(kafka, topics.packets()))
                    .extracting(ConsumerRecord::value)
                    .extracting(value -> ByteBuffer.wrap(value).getInt())
                    .as("seed %d", seed)
                    .hasSize(number)
                    .isSorted();
        }
    }

    private static double compressionRate(PacketProducer producer) {
        return producer.present().metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("compression-rate-avg"))
                .filter(metric -> metric.getKey().group().equals("producer-metrics"))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }
}
