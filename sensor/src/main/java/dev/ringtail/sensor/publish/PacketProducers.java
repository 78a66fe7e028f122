package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Kafka's producers of packet batches: one with the operator's settings, which compresses, and,
/// where these say nothing of compression, another without, for packets that are encrypted or
/// compressed already. A producer has one compression for all that it sends.
///
/// The other is made when it is needed. Batches of a partition keep their order: all that one
/// producer has taken is answered before the other gets anything.
///
/// Publisher thread, but for [#close].
final class PacketProducers {
    private static final Logger LOGGER = LoggerFactory.getLogger(PacketProducers.class);

    /// One batch in this time is a sample, so that they take no share of a busy thread.
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final Producer<byte[], byte[]> compressing;
    private final @Nullable Supplier<Producer<byte[], byte[]>> plainSource;
    private final CompressionGain gain = new CompressionGain();
    private final RateLimitedLog notMade =
            new RateLimitedLog(LOGGER, "packets stay compressed, though that saves little");
    private volatile @Nullable Producer<byte[], byte[]> plain;
    private Producer<byte[], byte[]> present;
    private boolean compresses = true;
    private long nextSampleNs = System.nanoTime();

    /// @param compressing begins
    /// @param plainSource makes a producer that does not compress; null if there is to be none
    PacketProducers(
            Producer<byte[], byte[]> compressing,
            @Nullable Supplier<Producer<byte[], byte[]>> plainSource) {
        this.compressing = compressing;
        this.plainSource = plainSource;
        this.present = compressing;
    }

    /// Producers that connect when there is something to send.
    ///
    /// @param batchBytes largest regular packet batch in bytes
    /// @throws PublishException if Kafka's client refuses the settings
    static PacketProducers open(KafkaSettings kafka, int batchBytes) {
        try {
            return new PacketProducers(
                    new KafkaProducer<>(kafka.packetProducer(batchBytes)),
                    kafka.hasCompression()
                            ? null
                            : () -> new KafkaProducer<>(kafka.plainPacketProducer(batchBytes)));
        } catch (KafkaException e) {
            throw new PublishException(
                    "Kafka's producer can't start: " + KafkaFaults.describe(e), e);
        }
    }

    /// The producer for the next batch. Where it is another than before, waits until Kafka has
    /// answered all batches before it.
    ///
    /// @param value of the batch's record
    /// @param nowNs monotonic time
    /// @throws org.apache.kafka.common.errors.InterruptException if interrupted while it waits
    Producer<byte[], byte[]> forBatch(byte[] value, long nowNs) {
        if (plainSource != null
                && nowNs - nextSampleNs >= 0
                && value.length >= CompressionGain.SAMPLE_BYTES) {
            nextSampleNs = nowNs + INTERVAL_NS;
            if (gain.isWorthwhileAfter(value) != compresses) {
                change(plainSource);
            }
        }
        return present;
    }

    private void change(Supplier<Producer<byte[], byte[]>> source) {
        Producer<byte[], byte[]> next = compresses ? plain(source) : compressing;
        if (next == null) {
            return;
        }
        present.flush();
        present = next;
        compresses = !compresses;
        LOGGER.info(
                compresses
                        ? "packets are compressed again"
                        : "packets are not compressed: that would save less than a tenth of them");
    }

    private @Nullable Producer<byte[], byte[]> plain(Supplier<Producer<byte[], byte[]>> source) {
        Producer<byte[], byte[]> made = plain;
        if (made == null) {
            try {
                made = source.get();
            } catch (KafkaException e) {
                notMade.warn(e);
                return null;
            }
            plain = made;
        }
        return made;
    }

    /// Ends the producers without waiting for answers. Callable from any thread, when the
    /// publisher's has ended or is given up.
    void close() {
        compressing.close(Duration.ZERO);
        Producer<byte[], byte[]> made = plain;
        if (made != null) {
            made.close(Duration.ZERO);
        }
    }
}
