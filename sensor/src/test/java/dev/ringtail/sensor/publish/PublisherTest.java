package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.Tally;
import dev.ringtail.sensor.delivery.DeliveryTrouble;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/// The publisher against a producer that breaks in ways no broker can be made to.
class PublisherTest {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    /// More than a test lane has batches.
    private static final int MANY = 40;

    private final Ledger ledger =
            new Ledger(
                    new SessionFacts(
                            "a", "s1", "host", "ringtail", 0, TestLane.PARTITION_COUNT, ""),
                    Clock.systemUTC());
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void releaseProducer() {
        released.countDown();
    }

    @Test
    void goesOnToEmptyTheLanesAfterAFailureAndSaysWhatFailed() {
        Error fault = new OutOfMemoryError("made by the test");
        try (Publisher publisher = publisher(new FailingProducer(fault, 3))) {
            TestLane lane = lane(publisher);
            publisher.start();
            assertThat(publisher.failure()).isNull();
            for (int i = 0; i < MANY; i++) {
                lane.capture(new byte[100], i, 0); // Waits for a free batch.
                lane.handOver();
            }

            assertThat(publisher.drain(DRAIN)).isTrue();
            assertThat(publisher.failure()).isSameAs(fault);
        }

        LaneLedger found = ledger.snapshot(true).getLanes().getFirst();
        assertThat(found.getAcknowledged()).isEqualTo(new Tally(3L, 300L));
        assertThat(found.getUnknown()).isEqualTo(new Tally(MANY - 3L, (MANY - 3) * 100L));
        assertThat(Balance.check(ledger.snapshot(true))).isEmpty();
    }

    @Test
    void survivesAStrayInterruptAsAFailure() {
        try (Publisher publisher = publisher(new InterruptingProducer())) {
            TestLane lane = lane(publisher);
            publisher.start();
            lane.capture(new byte[100], 1, 0);
            lane.handOver();
            Awaitility.await().until(() -> publisher.failure() != null);
            lane.capture(new byte[100], 2, 0);
            lane.handOver();

            assertThat(publisher.drain(DRAIN)).isTrue();
        }

        assertThat(ledger.snapshot(true).getLanes().getFirst().getUnknown())
                .isEqualTo(new Tally(2L, 200L));
        assertThat(Balance.check(ledger.snapshot(true))).isEmpty();
    }

    @Test
    void countsWhatNobodyTookWhenItWasNeverStarted() {
        try (Publisher publisher = publisher(new FailingProducer(new AssertionError(), 0))) {
            TestLane lane = lane(publisher);
            lane.capture(new byte[100], 1, 0);
            lane.handOver();
        }

        assertThat(ledger.snapshot(true).getLanes().getFirst().getUnknown())
                .isEqualTo(new Tally(1L, 100L));
    }

    @Test
    void leavesHandOffsToItsThreadWhileThatLives() {
        StuckProducer producer = new StuckProducer();
        Publisher publisher = publisher(producer);
        TestLane lane = lane(publisher);
        publisher.start();
        lane.capture(new byte[100], 1, 0);
        lane.handOver();
        Awaitility.await().until(() -> producer.entered.getCount() == 0);
        lane.capture(new byte[100], 2, 0);
        lane.handOver();

        publisher.close(); // Gives the thread up after some seconds.

        assertThat(unknownPackets()).isEqualTo(1);
        released.countDown();
        Awaitility.await().until(() -> unknownPackets() == 2);
    }

    @Test
    void settlingGivesNothingUp() {
        BytesProducer producer = new BytesProducer(false);
        try (Publisher publisher = publisher(producer)) {
            TestLane lane = lane(publisher);
            publisher.start();
            lane.capture(new byte[100], 1, 0);
            lane.handOver();

            assertThat(publisher.settle(Duration.ofMillis(50))).isFalse();
            assertThat(unknownPackets()).isZero();
            Awaitility.await().until(producer::completeNext);
            assertThat(publisher.settle(DRAIN)).isTrue();
        }

        assertThat(ledger.snapshot(true).getLanes().getFirst().getAcknowledged())
                .isEqualTo(new Tally(1L, 100L));
    }

    @Test
    void isInTroubleFromARefusalByTheBrokerUntilAnAcknowledgement() {
        BytesProducer producer = new BytesProducer(false);
        try (Publisher publisher = publisher(producer)) {
            TestLane lane = lane(publisher);
            publisher.start();
            capture(lane, 1);
            Awaitility.await()
                    .until(() -> producer.errorNext(new TopicAuthorizationException("denied")));
            assertThat(publisher.trouble().map(DeliveryTrouble::inWords))
                    .hasValue(
                            "topic t: Kafka refuses packet batches: not allowed (denied); grant"
                                    + " WRITE on topic t");

            capture(lane, 2);
            Awaitility.await().until(producer::completeNext);
            assertThat(publisher.trouble()).isEmpty();
        }
    }

    @Test
    void isInTroubleWhenTheProducerTakesNoBatch() {
        BytesProducer producer = new BytesProducer(true);
        producer.sendException = new RecordTooLargeException("larger than max.request.size");
        try (Publisher publisher = publisher(producer)) {
            TestLane lane = lane(publisher);
            publisher.start();
            capture(lane, 1);
            Awaitility.await().until(() -> rejectedPackets() == 1);

            assertThat(publisher.trouble().map(DeliveryTrouble::inWords))
                    .hasValue(
                            "topic t: Kafka refuses packet batches: larger than max.request.size");
        }
    }

    private static void capture(TestLane lane, long timestampNs) {
        lane.capture(new byte[100], timestampNs, 0);
        lane.handOver();
    }

    private long rejectedPackets() {
        return ledger.snapshot(true).getLanes().getFirst().getRejected().values().stream()
                .mapToLong(Tally::getPackets)
                .sum();
    }

    @Test
    void endsWhileItWaitsToChangeTheProducer() {
        UnflushableProducer compressing = new UnflushableProducer();
        BytesProducer plain = new BytesProducer();
        Publisher publisher =
                new Publisher(
                        new PacketProducer(() -> compressing, () -> plain), "t", ledger, false);
        TestLane lane = lane(publisher);
        publisher.start();
        byte[] frame = new byte[CompressionGain.MIN_SAMPLE_BYTES];
        new Random(1).nextBytes(frame);
        lane.capture(frame, 1, 0);
        lane.handOver();
        Awaitility.await().until(() -> compressing.entered.getCount() == 0);

        publisher.close();

        assertThat(publisher.failure()).isNull();
        assertThat(compressing.closed()).isTrue();
        assertThat(plain.closed()).isTrue();
        assertThat(plain.history()).isEmpty();
        assertThat(unknownPackets()).isEqualTo(1);
        assertThat(Balance.check(ledger.snapshot(true))).isEmpty();
    }

    private long unknownPackets() {
        return ledger.snapshot(true).getLanes().getFirst().getUnknown().getPackets();
    }

    private Publisher publisher(MockProducer<byte[], byte[]> producer) {
        return new Publisher(new PacketProducer(() -> producer, null), "t", ledger, false);
    }

    private TestLane lane(Publisher publisher) {
        return new TestLane(0, 16 * 1024, 1 << 20, ledger, publisher);
    }

    /// Takes some records, then throws.
    private static final class FailingProducer extends BytesProducer {
        private final Error fault;
        private int left;

        FailingProducer(Error fault, int successCount) {
            this.fault = fault;
            this.left = successCount;
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (left-- <= 0) {
                throw fault;
            }
            return super.send(record, callback);
        }
    }

    /// As if somebody had interrupted the thread while the producer waited.
    private static final class InterruptingProducer extends BytesProducer {
        @Override
        public Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            throw new InterruptException("made by the test");
        }
    }

    /// Does not return from `send`, not even when interrupted.
    private final class StuckProducer extends BytesProducer {
        final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            entered.countDown();
            while (released.getCount() > 0) {
                Thread.onSpinWait();
            }
            throw new IllegalStateException("closed");
        }
    }

    /// Waits for answers that never come.
    private static final class UnflushableProducer extends BytesProducer {
        final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public void flush() {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    private static class BytesProducer extends MockProducer<byte[], byte[]> {
        BytesProducer() {
            this(true);
        }

        BytesProducer(boolean autoComplete) {
            super(autoComplete, null, new ByteArraySerializer(), new ByteArraySerializer());
        }
    }
}
