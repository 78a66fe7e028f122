package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.Supplier;

/// Kafka's producer of packet batches: one that compresses, or, where the operator says nothing of
/// compression, one that does not, while packets are encrypted or compressed already. A producer
/// has one compression for all that it sends.
///
/// There is one at a time, so that there is one `buffer.memory`. Batches of a partition keep their
/// order: all that the one has taken is answered before the next gets anything.
///
/// Publisher thread, but for [#close].
final class PacketProducer {
    private static final Logger LOGGER = LoggerFactory.getLogger(PacketProducer.class);

    /// One batch in this time is a sample, so that they take no share of a busy thread.
    private static final long SAMPLE_INTERVAL_NS = Duration.ofSeconds(1).toNanos();

    /// Least time from one change to the next: nothing is sent during a change.
    private static final long CHANGE_INTERVAL_NS = Duration.ofSeconds(30).toNanos();

    private static final Duration ANSWERED_SOON = Duration.ofSeconds(1);

    /// On a link that is full answers are late, and compression is what helps.
    private static final Duration ANSWERED_LATE = Duration.ofSeconds(10);

    private final Supplier<Producer<byte[], byte[]>> compressing;
    private final @Nullable Supplier<Producer<byte[], byte[]>> plain;
    private final CompressionGain gain = new CompressionGain();
    private volatile Producer<byte[], byte[]> present;
    private volatile boolean closed;
    private boolean compresses = true;
    private long nextSampleNs = System.nanoTime();
    private long nextChangeNs = nextSampleNs;

    /// @param compressing makes the first producer
    /// @param plain makes producers that do not compress; null if there are to be none
    PacketProducer(
            Supplier<Producer<byte[], byte[]>> compressing,
            @Nullable Supplier<Producer<byte[], byte[]>> plain) {
        this.compressing = compressing;
        this.plain = plain;
        this.present = compressing.get();
    }

    /// Producers that connect when there is something to send.
    ///
    /// @param batchBytes largest regular packet batch in bytes
    /// @throws PublishException if Kafka's client refuses the settings
    static PacketProducer open(KafkaSettings kafka, int batchBytes) {
        try {
            return new PacketProducer(
                    () -> new KafkaProducer<>(kafka.packetProducer(batchBytes)),
                    kafka.hasCompression()
                            ? null
                            : () -> new KafkaProducer<>(kafka.plainPacketProducer(batchBytes)));
        } catch (KafkaException e) {
            throw new PublishException(
                    "Kafka's producer can't start: " + KafkaFaults.describe(e), e);
        }
    }

    /// The producer to send with now.
    Producer<byte[], byte[]> present() {
        return present;
    }

    /// Whether the present producer compresses.
    boolean isCompressing() {
        return compresses;
    }

    /// Looks at the next batch if it is time to, once for a batch, and may change the producer.
    /// That waits until Kafka has answered all that was sent, so there is no change while answers
    /// take more than a second; back to compression, which is what helps then, ten.
    ///
    /// @param value of the batch's record
    /// @param nowNs monotonic time
    /// @param lag age of the oldest batch that has no answer
    /// @throws org.apache.kafka.common.errors.InterruptException if interrupted while it waits;
    ///   nothing is changed then
    void sample(byte[] value, long nowNs, Supplier<Duration> lag) {
        if (plain == null
                || nowNs - nextSampleNs < 0
                || value.length < CompressionGain.MIN_SAMPLE_BYTES) {
            return;
        }
        nextSampleNs = nowNs + SAMPLE_INTERVAL_NS;
        boolean worthwhile = gain.isWorthwhileAfter(value);
        if (worthwhile != compresses
                && nowNs - nextChangeNs >= 0
                && lag.get().compareTo(compresses ? ANSWERED_SOON : ANSWERED_LATE) < 0) {
            nextChangeNs = nowNs + CHANGE_INTERVAL_NS;
            change(worthwhile ? compressing : plain);
        }
    }

    private void change(Supplier<Producer<byte[], byte[]>> source) {
        Producer<byte[], byte[]> before = present;
        Producer<byte[], byte[]> next;
        try {
            next = source.get();
        } catch (KafkaException e) {
            LOGGER.warn(
                    "packets are {} still, as Kafka's client can't make another producer: {}",
                    compresses ? "compressed" : "not compressed",
                    KafkaFaults.describe(e));
            return;
        }
        try {
            before.flush();
        } catch (RuntimeException e) {
            end(next);
            throw e;
        }
        present = next;
        compresses = !compresses;
        end(before);
        if (closed) { // Meanwhile, by another thread, which has not seen this one.
            end(next);
        }
        LOGGER.info(
                compresses
                        ? "packets are compressed again"
                        : "packets are not compressed: that would save less than a tenth of them");
    }

    /// Ends the producer without waiting for answers. Callable from any thread.
    void close() {
        closed = true;
        end(present);
    }

    /// Whether it ends well says nothing of the batches. An interrupt meanwhile is not lost.
    private static void end(Producer<byte[], byte[]> producer) {
        try {
            producer.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOGGER.debug("closing a producer", e);
        }
    }
}
