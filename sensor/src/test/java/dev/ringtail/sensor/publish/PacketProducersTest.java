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

class PacketProducersTest {
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

    private PacketProducers producers(@Nullable Supplier<Producer<byte[], byte[]>> plain) {
        return new PacketProducers(this::make, plain);
    }

    /// A second later.
    ///
    /// @return whether the batch was compressed
    private boolean send(PacketProducers producers, byte[] value) {
        nowNs += SECOND_NS;
        producers.sample(value, nowNs, () -> lag);
        assertThat(producers.present()).isSameAs(made.getLast());
        producers.present().send(new ProducerRecord<>("t", value));
        return producers.isCompressing();
    }

    private int secondsUntil(PacketProducers producers, boolean compressed, byte[] value) {
        int seconds = 1;
        while (send(producers, value) != compressed && seconds < 100) {
            seconds++;
        }
        return seconds;
    }

    @Test
    void whatCannotBeCompressedGoesWithoutAndBack() {
        PacketProducers producers = producers(this::make);
        assertThat(send(producers, RANDOM)).isFalse();
        assertThat(secondsUntil(producers, true, COMPRESSIBLE)).isEqualTo(CHANGE_INTERVAL_SECONDS);
        assertThat(secondsUntil(producers, false, RANDOM)).isEqualTo(CHANGE_INTERVAL_SECONDS);
        assertThat(made).hasSize(4);
        assertThat(made.subList(0, 3)).allMatch(MockProducer::closed);
        assertThat(made.getLast().closed()).isFalse();

        producers.close();
        assertThat(made.getLast().closed()).isTrue();
    }

    @Test
    void whatTheOneHasTakenIsAnsweredBeforeTheNextGetsAnything() {
        PacketProducers producers = producers(this::make);
        assertThat(send(producers, new byte[10])).isTrue();
        assertThat(made.getFirst().flushed()).isFalse();

        assertThat(send(producers, RANDOM)).isFalse();
        assertThat(made.getFirst().flushed()).isTrue();
    }

    @Test
    void looksAtNoSecondBatchInASecondNorAtSmallOnes() {
        PacketProducers producers = producers(this::make);
        assertThat(send(producers, COMPRESSIBLE)).isTrue();
        for (int i = 0; i < 100; i++) {
            producers.sample(RANDOM, nowNs, () -> lag);
        }
        byte[] small = Arrays.copyOf(RANDOM, CompressionGain.MIN_SAMPLE_BYTES - 1);
        assertThat(secondsUntil(producers, false, small)).isEqualTo(100);
        assertThat(made).hasSize(1);
    }

    @Test
    void changesNothingWhileKafkaDoesNotAnswer() {
        PacketProducers producers = producers(this::make);
        lag = Duration.ofSeconds(1);
        assertThat(secondsUntil(producers, false, RANDOM)).isEqualTo(100);
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().flushed()).isFalse();

        lag = Duration.ofMillis(999);
        assertThat(send(producers, RANDOM)).isFalse();

        lag = Duration.ofSeconds(10);
        assertThat(secondsUntil(producers, true, COMPRESSIBLE)).isEqualTo(100);
        lag = Duration.ofMillis(9_999);
        assertThat(send(producers, COMPRESSIBLE)).isTrue();
    }

    @Test
    void theOperatorsChoiceStays() {
        PacketProducers producers = producers(null);
        assertThat(secondsUntil(producers, false, RANDOM)).isEqualTo(100);
    }

    @Test
    void theOperatorsSettingsDecideWhetherThereIsAChoice() {
        for (Map<String, String> chosen :
                List.of(Map.<String, String>of(), Map.of("compression.type", "lz4"))) {
            Map<String, String> settings = new HashMap<>(chosen);
            settings.put("bootstrap.servers", "localhost:1");
            PacketProducers producers = PacketProducers.open(new KafkaSettings(settings), 1000);
            producers.sample(RANDOM, nowNs + SECOND_NS, () -> lag);
            assertThat(producers.isCompressing()).isEqualTo(!chosen.isEmpty());
            producers.close();
        }
    }

    @Test
    void goesOnAsBeforeWhereNoOtherProducerCanBeMade() {
        List<Long> tries = new ArrayList<>();
        PacketProducers producers =
                producers(
                        () -> {
                            tries.add(nowNs / SECOND_NS);
                            throw new KafkaException("made by the test");
                        });
        assertThat(secondsUntil(producers, false, RANDOM)).isEqualTo(100);
        assertThat(tries).hasSize(4);
        assertThat(made.getFirst().flushed()).isFalse();
        assertThat(made.getFirst().closed()).isFalse();
    }

    @Test
    void aProducerThatDoesNotEndWellStopsNothing() {
        closeFault = new KafkaException("made by the test");
        PacketProducers producers = producers(this::make);
        assertThat(send(producers, RANDOM)).isFalse();
        assertThat(send(producers, RANDOM)).isFalse();
        producers.close();
        assertThat(made).hasSize(2).allMatch(MockProducer::closed);
    }

    @Test
    void whatIsClosedDuringAChangeStaysClosed() {
        PacketProducers producers = producers(this::make);
        duringFlush = producers::close;
        producers.sample(RANDOM, nowNs + SECOND_NS, () -> lag);

        assertThat(made).hasSize(2).allMatch(MockProducer::closed);
    }
}
