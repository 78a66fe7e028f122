package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

class PacketProducersTest {
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();
    private static final byte[] COMPRESSIBLE = new byte[CompressionGain.SAMPLE_BYTES];
    private static final byte[] RANDOM = new byte[CompressionGain.SAMPLE_BYTES];

    static {
        new Random(3).nextBytes(RANDOM);
    }

    private final MockProducer<byte[], byte[]> compressing = producer();
    private final MockProducer<byte[], byte[]> plain = producer();
    private final AtomicInteger made = new AtomicInteger();
    private long nowNs = System.nanoTime();

    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(
                false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private PacketProducers producers() {
        return new PacketProducers(
                compressing,
                () -> {
                    made.incrementAndGet();
                    return plain;
                });
    }

    private MockProducer<byte[], byte[]> send(PacketProducers producers, byte[] value) {
        nowNs += SECOND_NS;
        var producer = (MockProducer<byte[], byte[]>) producers.forBatch(value, nowNs);
        producer.send(new ProducerRecord<>("t", value));
        return producer;
    }

    @Test
    void whatCannotBeCompressedGoesWithoutAndBack() {
        PacketProducers producers = producers();
        assertThat(send(producers, RANDOM)).isSameAs(plain);
        int sent = 1;
        while (send(producers, COMPRESSIBLE) == plain && sent < 20) {
            sent++;
        }
        assertThat(plain.history()).hasSize(sent).hasSizeLessThan(20);
        while (send(producers, RANDOM) == compressing && sent < 40) {
            sent++;
        }
        assertThat(sent).isLessThan(40);
        assertThat(made).as("made once").hasValue(1);
        producers.close();
        assertThat(compressing.closed()).isTrue();
        assertThat(plain.closed()).isTrue();
    }

    @Test
    void whatTheOneHasTakenIsAnsweredBeforeTheOtherGetsAnything() {
        PacketProducers producers = producers();
        assertThat(send(producers, new byte[10])).isSameAs(compressing);
        assertThat(compressing.flushed()).isFalse();

        assertThat(send(producers, RANDOM)).isSameAs(plain);
        assertThat(compressing.flushed()).isTrue();
        assertThat(plain.flushed()).isFalse();
    }

    @Test
    void looksAtNoBatchTwiceInASecondNorAtSmallOnes() {
        PacketProducers producers = producers();
        assertThat(send(producers, COMPRESSIBLE)).isSameAs(compressing);
        for (int i = 0; i < 100; i++) {
            assertThat(producers.forBatch(RANDOM, nowNs)).isSameAs(compressing);
        }
        byte[] small = Arrays.copyOf(RANDOM, CompressionGain.SAMPLE_BYTES - 1);
        for (int i = 0; i < 100; i++) {
            assertThat(send(producers, small)).isSameAs(compressing);
        }
    }

    @Test
    void theOperatorsChoiceStays() {
        PacketProducers producers = new PacketProducers(compressing, null);
        assertThat(send(producers, RANDOM)).isSameAs(compressing);
        producers.close();
    }

    @Test
    void goesOnCompressingWhereNoOtherProducerCanBeMade() {
        PacketProducers producers =
                new PacketProducers(
                        compressing,
                        () -> {
                            throw new KafkaException("made by the test");
                        });
        assertThat(send(producers, RANDOM)).isSameAs(compressing);
        assertThat(send(producers, RANDOM)).isSameAs(compressing);
        producers.close();
    }
}
