package dev.ringtail.sensor.publish;

import dev.ringtail.sensor.ledger.BatchFacts;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Gives batches to Kafka's producer, each until it is taken, refused for good, or [#stop].
///
/// Batches are sent from one thread; the producer is the sender's own.
final class BatchSender {
    private static final Logger LOGGER = LoggerFactory.getLogger(BatchSender.class);

    /// Pause before a batch is offered again, for faults that come at once.
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final PacketProducer producer;
    private final BatchRecord records;
    private final Supplier<Duration> lag;
    private final RateLimitedLog notTaken =
            new RateLimitedLog(LOGGER, "Kafka takes no packet batches now; they wait");
    private volatile boolean stopping;
    private volatile @Nullable Exception refusal;

    /// @param lag age of the oldest batch that has no answer
    BatchSender(PacketProducer producer, BatchRecord records, Supplier<Duration> lag) {
        this.producer = producer;
        this.records = records;
        this.lag = lag;
    }

    /// Sends a batch. Its outcome comes through the delivery, or stays open after [#stop].
    ///
    /// @throws RuntimeException if the producer fails in a way that no batch would survive
    void send(Delivery delivery, byte[] value) {
        BatchFacts facts = delivery.facts();
        ProducerRecord<byte[], byte[]> record = records.record(facts, value);
        sample(value);
        while (!stopping) {
            @Nullable Exception fault = offer(record, delivery);
            refusal = fault;
            if (fault == null) {
                return;
            }
            if (!Faults.mayPass(fault)) {
                delivery.reject(fault);
                return;
            }
            notTaken.warn(fault);
            LockSupport.parkNanos(this, RETRY_NS);
        }
    }

    private void sample(byte[] value) {
        try {
            producer.sample(value, System.nanoTime(), lag);
        } catch (InterruptException e) {
            if (!stopping) { // Nobody else has a reason to interrupt.
                throw e;
            }
        }
    }

    /// Why the producer did not take the batch that was offered last; null if it did. Callable from
    /// any thread.
    @Nullable Exception refusal() {
        return refusal;
    }

    /// Lets [#send] return soon; interrupt its thread afterwards. Callable from any thread.
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /// Ends the producer without waiting for answers.
    void close() {
        producer.close();
    }

    /// @return why the producer did not take the record; null if it did, or the sender is to stop
    private @Nullable Exception offer(ProducerRecord<byte[], byte[]> record, Delivery delivery) {
        delivery.beginSend();
        try {
            // The outcome comes through the callback.
            Future<RecordMetadata> _ = producer.present().send(record, delivery);
        } catch (InterruptException e) {
            if (!stopping) { // Nobody else has a reason to interrupt.
                throw e;
            }
        } catch (KafkaException | IllegalStateException e) {
            delivery.endSend();
            return e;
        }
        return delivery.endSend();
    }
}
