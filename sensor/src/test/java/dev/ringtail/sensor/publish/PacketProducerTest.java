package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

class PacketProducerTest {
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();
    private static final int CHANGE_INTERVAL_SECONDS = 30;
    private static final byte[] COMPRESSIBLE = new byte[CompressionGain.MIN_SAMPLE_BYTES];
    private static final byte[] RANDOM = new byte[CompressionGain.MIN_SAMPLE_BYTES];

    static {
        new Random(3).nextBytes(RANDOM);
    }

    /// All that were made, in turn.
    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();

    private @Nullable KafkaException closeFault;
    private Runnable duringFlush = () -> {};
    private Duration lag = Duration.ZERO;
    private long nowNs = System.nanoTime();

    private MockProducer<byte[], byte[]> make() {
        made.add(
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized void flush() {
                        super.flush();
                        duringFlush.run();
                    }

                    @Override
                    public void close(Duration timeout) {
                        super.close(timeout);
                        if (closeFault != null) {
                            throw closeFault;
                        }
                    }
                });
        return made.getLast();
    }

    private PacketProducer producer(@Nullable Supplier<Producer<byte[], byte[]>> plain) {
        return new PacketProducer(this::make, plain);
    }

    /// A second later.
    ///
    /// @return whether the batch was compressed
    private boolean send(PacketProducer producer, byte[] value) {
        nowNs += SECOND_NS;
        producer.sample(value, nowNs, () -> lag);
        assertThat(producer.present()).isSameAs(made.getLast());
        producer.present().send(new ProducerRecord<>("t", value));
        return producer.isCompressing();
    }

    private int secondsUntil(PacketProducer producer, boolean compressed, byte[] value) {
        int seconds = 1;
        while (send(producer, value) != compressed && seconds < 100) {
            seconds++;
        }
        return seconds;
    }

    @Test
    void whatCannotBeCompressedGoesWithoutAndBack() {
        PacketProducer producer = producer(this::make);
        assertThat(send(producer, RANDOM)).isFalse();
        assertThat(secondsUntil(producer, true, COMPRESSIBLE)).isEqualTo(CHANGE_INTERVAL_SECONDS);
        assertThat(secondsUntil(producer, false, RANDOM)).isEqualTo(CHANGE_INTERVAL_SECONDS);
        assertThat(made).hasSize(4);
        assertThat(made.subList(0, 3)).allMatch(MockProducer::closed);
        assertThat(made.getLast().closed()).isFalse();

        producer.close();
        assertThat(made.getLast().closed()).isTrue();
    }

    @Test
    void whatTheOneHasTakenIsAnsweredBeforeTheNextGetsAnything() {
        PacketProducer producer = producer(this::make);
        assertThat(send(producer, new byte[10])).isTrue();
        assertThat(made.getFirst().flushed()).isFalse();

        assertThat(send(producer, RANDOM)).isFalse();
        assertThat(made.getFirst().flushed()).isTrue();
    }

    @Test
    void looksAtNoSecondBatchInASecondNorAtSmallOnes() {
        PacketProducer producer = producer(this::make);
        assertThat(send(producer, COMPRESSIBLE)).isTrue();
        for (int i = 0; i < 100; i++) {
            producer.sample(RANDOM, nowNs, () -> lag);
        }
        byte[] small = Arrays.copyOf(RANDOM, CompressionGain.MIN_SAMPLE_BYTES - 1);
        assertThat(secondsUntil(producer, false, small)).isEqualTo(100);
        assertThat(made).hasSize(1);
    }

    @Test
    void changesNothingWhileKafkaDoesNotAnswer() {
        PacketProducer producer = producer(this::make);
        lag = Duration.ofSeconds(1);
        assertThat(secondsUntil(producer, false, RANDOM)).isEqualTo(100);
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().flushed()).isFalse();

        lag = Duration.ofMillis(999);
        assertThat(send(producer, RANDOM)).isFalse();

        lag = Duration.ofSeconds(10);
        assertThat(secondsUntil(producer, true, COMPRESSIBLE)).isEqualTo(100);
        lag = Duration.ofMillis(9_999);
        assertThat(send(producer, COMPRESSIBLE)).isTrue();
    }

    @Test
    void theOperatorsChoiceStays() {
        PacketProducer producer = producer(null);
        assertThat(secondsUntil(producer, false, RANDOM)).isEqualTo(100);
    }

    @Test
    void theOperatorsSettingsDecideWhetherThereIsAChoice() {
        for (Map<String, String> chosen :
                List.of(Map.<String, String>of(), Map.of("compression.type", "lz4"))) {
            Map<String, String> settings = new HashMap<>(chosen);
            settings.put("bootstrap.servers", "localhost:1");
            PacketProducer producer = PacketProducer.open(new KafkaSettings(settings), 1000);
            producer.sample(RANDOM, nowNs + SECOND_NS, () -> lag);
            assertThat(producer.isCompressing()).isEqualTo(!chosen.isEmpty());
            producer.close();
        }
    }

    @Test
    void goesOnAsBeforeWhereNoOtherProducerCanBeMade() {
        List<Long> tries = new ArrayList<>();
        PacketProducer producer =
                producer(
                        () -> {
                            tries.add(nowNs / SECOND_NS);
                            throw new KafkaException("made by the test");
                        });
        assertThat(secondsUntil(producer, false, RANDOM)).isEqualTo(100);
        assertThat(tries).hasSize(4);
        assertThat(made.getFirst().flushed()).isFalse();
        assertThat(made.getFirst().closed()).isFalse();
    }

    @Test
    void aProducerThatDoesNotEndWellStopsNothing() {
        closeFault = new KafkaException("made by the test");
        PacketProducer producer = producer(this::make);
        assertThat(send(producer, RANDOM)).isFalse();
        assertThat(send(producer, RANDOM)).isFalse();
        producer.close();
        assertThat(made).hasSize(2).allMatch(MockProducer::closed);
    }

    @Test
    void whatIsClosedDuringAChangeStaysClosed() {
        PacketProducer producer = producer(this::make);
        duringFlush = producer::close;
        producer.sample(RANDOM, nowNs + SECOND_NS, () -> lag);

        assertThat(made).hasSize(2).allMatch(MockProducer::closed);
    }
}
