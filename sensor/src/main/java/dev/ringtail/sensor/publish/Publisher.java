package dev.ringtail.sensor.publish;

import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.ledger.BatchFacts;
import dev.ringtail.sensor.ledger.Ledger;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Takes closed packet batches from the lanes and puts them into the packets topic, on one thread
/// of its own (`rt-publish`).
///
/// Memory is bounded by the lanes' batches and the producer's `buffer.memory`. While the producer
/// takes nothing, the publisher offers the same batch again and again and leaves the others with
/// their lanes, which then leave packets in the ring. Every batch that was taken gets one outcome
/// in the ledger:
///
/// | Kafka says | ledger |
/// | --- | --- |
/// | acknowledged | `acknowledged` |
/// | refused for good (too large, not allowed, invalid) | `rejected`, by the error's name |
/// | nothing until the delivery timeout, or until the end of [#drain] | `unknown` |
public final class Publisher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Publisher.class);

    /// Longest sleep without work; a lane's [#wake] ends it sooner.
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /// Pause before a batch is offered again, for faults that come at once.
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long POLL_MS = 5;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final BatchRecord records;
    private final Outcomes outcomes;
    private final List<BatchHandOff> handOffs = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("rt-publish").unstarted(this::run);
    private final RateLimitedLog notTaken =
            new RateLimitedLog(LOGGER, "Kafka takes no packet batches now; they wait");

    private volatile boolean idle;
    private volatile boolean draining;
    private volatile boolean stopping;
    private boolean closed;

    /// Starts the producer, which connects when there is something to send.
    ///
    /// @param topic the packets topic
    /// @param batchBytes largest regular packet batch in bytes
    /// @param alwaysLate whether every record is to be listed as late, as those of an import are
    /// @throws PublishException if Kafka's client refuses the settings
    public Publisher(
            KafkaSettings kafka, String topic, int batchBytes, Ledger ledger, boolean alwaysLate) {
        this(producer(kafka, batchBytes), topic, ledger, alwaysLate);
    }

    Publisher(Producer<byte[], byte[]> producer, String topic, Ledger ledger, boolean alwaysLate) {
        this.producer = producer;
        this.records =
                new BatchRecord(topic, ledger.session().sensorId(), ledger.session().sessionId());
        this.outcomes = new Outcomes(ledger, alwaysLate);
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka, int batchBytes) {
        try {
            return new KafkaProducer<>(kafka.packetProducer(batchBytes));
        } catch (KafkaException e) {
            throw new PublishException("Kafka's producer can't start: " + Faults.describe(e), e);
        }
    }

    /// Adds a lane's hand-off, before or after the start.
    public void register(BatchHandOff handOff) {
        handOffs.add(handOff);
    }

    /// Begins to take batches.
    public void start() {
        thread.start();
    }

    /// Tells that a hand-off has a batch. Cheap, never waits; lanes call it after each offer.
    public void wake() {
        // The offer before the look at the flag, as the flag is before the look at the hand-offs.
        VarHandle.fullFence();
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /// Waits until all hand-offs are empty and every batch has its outcome. Call it when all lanes
    /// have ended; the publisher takes nothing afterwards.
    ///
    /// @param timeout what has no outcome by then becomes `unknown`
    /// @return whether every batch had its outcome in time
    public boolean drain(Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        draining = true;
        LockSupport.unpark(thread);
        boolean taken = joinUntil(deadlineNs);
        boolean settled = taken && awaitOutcomes(deadlineNs);
        stop();
        return settled;
    }

    /// Ends at once; what has no outcome becomes `unknown`. Does nothing after [#drain].
    @Override
    public void close() {
        stop();
    }

    private synchronized void stop() {
        if (closed) {
            return;
        }
        closed = true;
        stopping = true;
        thread.interrupt();
        joinUntil(System.nanoTime() + CLOSE_LIMIT.toNanos());
        producer.close(Duration.ZERO);
        abandonRest();
        outcomes.abandonAll();
    }

    private boolean joinUntil(long deadlineNs) {
        try {
            return thread.getState() == Thread.State.NEW
                    || thread.join(Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean awaitOutcomes(long deadlineNs) {
        while (!outcomes.isEmpty()) {
            if (System.nanoTime() - deadlineNs >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(POLL_MS));
        }
        return true;
    }

    /// Counts what the lanes have handed over and nobody took.
    private void abandonRest() {
        for (BatchHandOff handOff : handOffs) {
            EncodedBatch batch;
            while ((batch = handOff.poll()) != null) {
                outcomes.open(BatchRecord.facts(batch), System.currentTimeMillis());
                handOff.giveBack(batch);
            }
        }
    }

    private void run() {
        while (!stopping) {
            // Read before the hand-offs: what the lanes handed over before the drain is then found.
            boolean last = draining;
            if (!takeRound()) {
                if (last) {
                    return;
                }
                sleep();
            }
        }
    }

    /// Takes at most one batch of each lane, so that a busy one does not starve the others.
    private boolean takeRound() {
        boolean worked = false;
        for (BatchHandOff handOff : handOffs) {
            EncodedBatch batch = handOff.poll();
            if (batch != null) {
                worked = true;
                BatchFacts facts = BatchRecord.facts(batch);
                byte[] value = BatchRecord.value(batch);
                handOff.giveBack(batch);
                send(facts, value);
            }
        }
        return worked;
    }

    private void sleep() {
        idle = true;
        VarHandle.fullFence();
        if (!takeRound() && !draining) {
            LockSupport.parkNanos(this, IDLE_NS);
        }
        idle = false;
    }

    private void send(BatchFacts facts, byte[] value) {
        Delivery delivery = outcomes.open(facts, System.currentTimeMillis());
        ProducerRecord<byte[], byte[]> record = records.record(facts, value);
        while (!stopping) {
            @Nullable Exception fault = offer(record, delivery);
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

    /// @return why the producer did not take the record; null if it did, or the publisher is to
    ///   stop
    private @Nullable Exception offer(ProducerRecord<byte[], byte[]> record, Delivery delivery) {
        delivery.beginSend();
        try {
            // The outcome comes through the callback.
            Future<RecordMetadata> _ = producer.send(record, delivery);
        } catch (InterruptException e) {
            stopping = true;
        } catch (KafkaException | IllegalStateException e) {
            delivery.endSend();
            return e;
        }
        return delivery.endSend();
    }
}
