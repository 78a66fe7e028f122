package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A producer for the few records that are not packets, apart from the packets' own so that neither
/// waits for the other. Callable from any thread.
final class ControlProducer implements AutoCloseable {
    private final KafkaSettings kafka;
    private final KafkaProducer<byte[], byte[]> producer;

    /// @throws PublishException if Kafka's client refuses the settings
    ControlProducer(KafkaSettings kafka) {
        this.kafka = kafka;
        try {
            this.producer = new KafkaProducer<>(kafka.controlProducer());
        } catch (KafkaException e) {
            throw new PublishException(
                    "Kafka's producer can't start: " + KafkaFaults.describe(e), e);
        }
    }

    /// Sends without waiting for the answer, though it may wait up to `max.block.ms` for room.
    Future<RecordMetadata> send(String topic, String key, byte[] value, Callback callback) {
        return producer.send(
                new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value), callback);
    }

    /// Sends and waits until Kafka has acknowledged it.
    ///
    /// @throws PublishException if it has not within the timeout
    void sendAndAwait(String topic, String key, byte[] value, Duration timeout) {
        try {
            send(topic, key, value, (metadata, fault) -> {})
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | KafkaException e) {
            throw failed(topic, Faults.describeWrite(e, topic), e);
        } catch (TimeoutException e) {
            throw failed(topic, "no answer within " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(topic, "interrupted", e);
        }
    }

    @Override
    public void close() {
        // Whoever needs a record out has awaited it.
        producer.close(Duration.ZERO);
    }

    private PublishException failed(String topic, String cause, Exception e) {
        return new PublishException(
                "Writing to topic %s on %s failed: %s"
                        .formatted(topic, kafka.bootstrapServers(), cause),
                e);
    }
}
