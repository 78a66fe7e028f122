package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.sensor.delivery.DeliveryTrouble;
import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
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
///
/// After a fault that no batch would survive ([#failure]) nothing is sent any more, but batches are
/// still taken, counted as `unknown` and given back, so that no lane waits for them for ever.
public final class Publisher implements AutoCloseable {
    /// Longest sleep without work; a lane's [#wake] ends it sooner.
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long POLL_MS = 5;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final String topic;
    private final BatchSender sender;
    private final Outcomes outcomes;
    private final EchoWatch echoes;
    private final List<BatchHandOff> handOffs = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("rt-publish").unstarted(this::run);

    private volatile boolean idle;
    private volatile boolean draining;
    private volatile @Nullable Throwable failure;
    private boolean closed;

    /// Starts the producer, which connects when there is something to send.
    ///
    /// @param topic the packets topic
    /// @param batchBytes largest regular packet batch in bytes
    /// @param alwaysLate whether every record is to be listed as late, as those of an import are
    /// @throws PublishException if Kafka's client refuses the settings
    public Publisher(
            KafkaSettings kafka, String topic, int batchBytes, Ledger ledger, boolean alwaysLate) {
        this(PacketProducer.open(kafka, batchBytes), topic, ledger, alwaysLate);
    }

    Publisher(PacketProducer producer, String topic, Ledger ledger, boolean alwaysLate) {
        this.topic = topic;
        String sensorId = ledger.session().sensorId();
        String sessionId = ledger.session().sessionId();
        this.echoes = new EchoWatch(sessionId);
        this.outcomes = new Outcomes(topic, ledger, alwaysLate, Clock.systemUTC());
        this.sender =
                new BatchSender(
                        producer, new BatchRecord(topic, sensorId, sessionId), outcomes::lag);
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

    /// Why nothing is sent any more; null while all is well. Callable from any thread.
    public @Nullable Throwable failure() {
        return failure;
    }

    /// Age of the oldest batch that was taken and has no outcome yet; zero for none. Callable from
    /// any thread.
    Duration lag() {
        return outcomes.lag();
    }

    /// Why packets do not reach Kafka; nothing while none has waited for long, and the last batch
    /// with an answer was not refused. Callable from any thread.
    Optional<DeliveryTrouble> trouble() {
        Duration lag = lag();
        @Nullable String refused = outcomes.refused();
        if (refused != null) {
            return Optional.of(
                    new DeliveryTrouble(
                            "topic " + topic,
                            DeliveryTrouble.Kind.REFUSED,
                            "Kafka refuses packet batches",
                            refused,
                            lag));
        }
        if (lag.compareTo(AnswerWatch.PATIENCE) < 0) {
            return Optional.empty();
        }
        @Nullable Exception refusal = sender.refusal();
        return Optional.of(
                new DeliveryTrouble(
                        "topic " + topic,
                        DeliveryTrouble.Kind.WAITING,
                        "the oldest batch has waited for Kafka for " + lag.toSeconds() + " s",
                        refusal == null ? null : KafkaFaults.describe(refusal),
                        lag));
    }

    /// Waits until all hand-offs are empty and every batch has its outcome. Call it when all lanes
    /// have ended; the publisher takes nothing afterwards.
    ///
    /// @param timeout what has no outcome by then becomes `unknown`
    /// @return whether every batch had its outcome in time
    public boolean drain(Duration timeout) {
        boolean settled = settle(timeout);
        stop();
        return settled;
    }

    /// Waits as [#drain] does, but gives nothing up: what is left may be waited for again. Call it
    /// when all lanes have ended.
    ///
    /// @return whether every batch has its outcome
    public boolean settle(Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        draining = true;
        LockSupport.unpark(thread);
        return joinUntil(deadlineNs) && awaitOutcomes(deadlineNs);
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
        sender.stop();
        thread.interrupt();
        boolean ended = joinUntil(System.nanoTime() + CLOSE_LIMIT.toNanos());
        sender.close();
        // A hand-off has room for one taker. The thread empties them itself when it ends later.
        if (ended) {
            abandonRest();
        }
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

    private void run() {
        boolean ended = false;
        while (!ended && !sender.isStopping()) {
            try {
                takeUntilEnd();
                ended = true;
            } catch (Throwable e) { // Without this thread the lanes would wait for ever.
                if (failure == null) {
                    failure = e;
                }
                // A stray interrupt would let no sleep last.
                boolean _ = Thread.interrupted();
                LockSupport.parkNanos(this, IDLE_NS);
            }
        }
        abandonRest();
    }

    private void takeUntilEnd() {
        while (!sender.isStopping()) {
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
                if (failure == null) {
                    publish(handOff, batch);
                } else {
                    abandon(handOff, batch);
                }
            }
        }
        return worked;
    }

    private void publish(BatchHandOff handOff, EncodedBatch batch) {
        @Nullable Delivery delivery = null;
        try {
            byte[] value;
            try {
                delivery = outcomes.open(batch.facts());
                value = BatchRecord.value(batch);
            } finally {
                handOff.giveBack(batch);
            }
            echoes.inspect(value, System.nanoTime());
            sender.send(delivery, value);
        } catch (Throwable e) {
            if (delivery != null) {
                delivery.abandon();
            }
            throw e;
        }
    }

    private void abandon(BatchHandOff handOff, EncodedBatch batch) {
        try {
            outcomes.open(batch.facts()).abandon();
        } finally {
            handOff.giveBack(batch);
        }
    }

    /// Counts what the lanes have handed over and nobody took.
    private void abandonRest() {
        for (BatchHandOff handOff : handOffs) {
            EncodedBatch batch;
            while ((batch = handOff.poll()) != null) {
                abandon(handOff, batch);
            }
        }
    }

    private void sleep() {
        idle = true;
        VarHandle.fullFence();
        if (!takeRound() && !draining) {
            LockSupport.parkNanos(this, IDLE_NS);
        }
        idle = false;
    }
}
