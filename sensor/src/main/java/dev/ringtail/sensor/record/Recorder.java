package dev.ringtail.sensor.record;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.delivery.SinkStatus;
import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.ledger.DeliveryCounters;
import dev.ringtail.sensor.ledger.Ledger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Takes closed packet batches from the lanes and writes their packets into capture files, merged,
/// on one thread of its own (`rt-record`).
///
/// Batches are copied and given back at once, so a lane is not kept waiting for another; the memory
/// for copies is bounded, and where it is full the earliest packet is written without waiting. What
/// came is flushed at the end of each turn. Every packet that was taken gets one outcome:
///
/// | what became of it | ledger |
/// | --- | --- |
/// | written, which is to say in the operating system's hands | `acknowledged` |
/// | not in the file, because a write failed, and all that came after | `rejected`, by the error's name |
/// | not written at the end of [#drain] | `unknown` |
///
/// After a failure nothing more is written, but batches are still taken, counted and given back, so
/// that no lane waits for them for ever.
final class Recorder implements BatchSink {
    private static final Logger LOGGER = LoggerFactory.getLogger(Recorder.class);

    /// Longest sleep without work; a lane's [#wake] ends it sooner.
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /// Flushed when so much is there: less than the writer's buffer, which thus ends at a block.
    private static final int FLUSH_BYTES = 128 << 10;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Recording recording;
    private final HeldBatches copies;
    private final DeliveryCounters outcomes;
    private final List<LaneInput> lanes = new CopyOnWriteArrayList<>();
    private final LaneMerge merge;
    private final Thread thread = Thread.ofPlatform().name("rt-record").unstarted(this::run);

    private volatile boolean draining;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    /// @param heldBytes memory for copies of batches
    /// @param laneDelay time from the capture of a packet until its lane has handed it over, at the
    ///   most
    Recorder(Recording recording, Ledger ledger, long heldBytes, Duration laneDelay) {
        this.recording = recording;
        this.outcomes = ledger.delivery();
        this.copies = new HeldBatches(heldBytes);
        this.merge = new LaneMerge(lanes, laneDelay.toNanos());
    }

    @Override
    public void register(BatchHandOff handOff) {
        lanes.add(new LaneInput(handOff, copies, outcomes));
    }

    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }

    /// Begins the first file.
    ///
    /// @throws RecordException if that fails
    @Override
    public void start() {
        var _ = recording.begin(System.nanoTime());
        thread.start();
    }

    @Override
    public @Nullable Throwable failure() {
        return failure;
    }

    /// What is taken is written in the same turn, or held for no longer than its lane's delay.
    @Override
    public SinkStatus status() {
        return SinkStatus.IDLE;
    }

    @Override
    public void drain(Duration timeout) {
        draining = true;
        wake();
        boolean _ = join(timeout);
        close();
    }

    /// Does nothing: the statistics in the file are all that it has of the ledger.
    @Override
    public void finish(SensorReport finalReport, Duration timeout) {}

    @Override
    public void close() {
        stopping = true;
        wake();
        // The lanes are the thread's while it lives; it empties them itself when it ends later.
        if (thread.getState() == Thread.State.NEW) {
            discardAll(DeliveryCounters::unknown);
            recording.giveUp();
        } else if (!join(CLOSE_LIMIT)) {
            LOGGER.warn("the recording has not ended within {} s", CLOSE_LIMIT.toSeconds());
        }
    }

    private boolean join(Duration limit) {
        try {
            return thread.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            record();
            recording.end();
        } catch (Throwable e) { // Without this thread the lanes would wait for ever.
            failure = e;
            recording.giveUp();
            rejectUntilDrained(e instanceof RecordException r ? r.reason() : nameOf(e));
        }
        discardAll(DeliveryCounters::unknown);
        if (merge.lateBatchCount() > 0) {
            LOGGER.atWarn()
                    .addKeyValue("batches", merge.lateBatchCount())
                    .log("packets stand in the file behind later ones, as their lane was late");
        }
    }

    private void record() {
        while (!stopping) {
            // Read before the lanes: what they handed over before the drain is then found.
            boolean last = draining;
            long nowNs = System.nanoTime();
            boolean took = takeRound(nowNs);
            boolean wrote = write(nowNs, !(last && !took));
            flush();
            if (recording.isFull(nowNs)) {
                recording.end();
            }
            if (!took && !wrote) {
                if (last) {
                    return;
                }
                LockSupport.parkNanos(this, Math.clamp(merge.waitNs(nowNs), 0, IDLE_NS));
            }
        }
    }

    /// Takes at most one batch of each lane, so that a busy one does not starve the others.
    private boolean takeRound(long nowNs) {
        boolean took = false;
        for (LaneInput lane : lanes) {
            boolean wasEmpty = lane.isEmpty();
            if (lane.take(nowNs)) {
                took = true;
                if (wasEmpty) {
                    merge.arrived(lane);
                }
            }
        }
        return took;
    }

    /// Writes what is next for certain, and what there is no more memory to hold.
    ///
    /// @param patient whether to wait for lanes that hold nothing
    private boolean write(long nowNs, boolean patient) {
        boolean wrote = false;
        LaneInput lane;
        while (!stopping && (lane = merge.next(nowNs, patient && copies.hasRoom())) != null) {
            wrote = true;
            do {
                if (recording.unflushedBytes() >= FLUSH_BYTES) {
                    flush();
                }
                if (recording.isFull(nowNs)) {
                    flush();
                    recording.end();
                }
                recording.write(lane.packet(), nowNs);
            } while (merge.passWritten(lane));
        }
        return wrote;
    }

    private void flush() {
        recording.flush();
        lanes.forEach(LaneInput::acknowledge);
    }

    private void rejectUntilDrained(String reason) {
        while (!stopping) {
            boolean last = draining;
            discardAll((counters, packets) -> counters.rejected(packets, reason));
            if (last) {
                return;
            }
            LockSupport.parkNanos(this, IDLE_NS);
        }
    }

    private void discardAll(LaneInput.Outcome outcome) {
        lanes.forEach(lane -> lane.discard(outcome));
    }

    private static String nameOf(Throwable fault) {
        return fault.getClass().getSimpleName();
    }
}
