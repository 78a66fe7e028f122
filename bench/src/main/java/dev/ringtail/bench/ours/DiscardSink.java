package dev.ringtail.bench.ours;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.delivery.SinkStatus;
import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.ledger.BatchFacts;
import dev.ringtail.sensor.ledger.DeliveryCounters;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Gives each batch back as soon as it comes, on a thread of its own, and counts it as
/// acknowledged.
final class DiscardSink implements BatchSink {
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DeliveryCounters outcomes;
    private final List<BatchHandOff> handOffs = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("bench-discard").daemon().unstarted(this::run);
    private volatile boolean idle;
    private volatile boolean draining;

    DiscardSink(DeliveryCounters outcomes) {
        this.outcomes = outcomes;
    }

    @Override
    public void register(BatchHandOff handOff) {
        handOffs.add(handOff);
    }

    /// A wake-up that comes between the thread's last look and its sleep is made good by
    /// [#IDLE_NS], long before a lane is out of batches.
    @Override
    public void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        while (true) {
            boolean last = draining;
            if (!takeRound()) {
                if (last) {
                    return;
                }
                idle = true;
                if (!takeRound()) {
                    LockSupport.parkNanos(this, IDLE_NS);
                }
                idle = false;
            }
        }
    }

    private boolean takeRound() {
        boolean worked = false;
        for (BatchHandOff handOff : handOffs) {
            EncodedBatch batch = handOff.poll();
            if (batch != null) {
                worked = true;
                BatchFacts facts = batch.facts();
                handOff.giveBack(batch);
                outcomes.taken(facts);
                outcomes.acknowledged(facts);
            }
        }
        return worked;
    }

    @Override
    public void drain(Duration timeout) {
        draining = true;
        LockSupport.unpark(thread);
        try {
            thread.join(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void finish(SensorReport finalReport, Duration timeout) {}

    @Override
    public @Nullable Throwable failure() {
        return null;
    }

    @Override
    public SinkStatus status() {
        return SinkStatus.IDLE;
    }

    @Override
    public void close() {
        draining = true;
        LockSupport.unpark(thread);
    }
}
