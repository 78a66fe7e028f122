package dev.ringtail.sensor.record;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.ledger.BatchFacts;
import dev.ringtail.sensor.ledger.DeliveryCounters;

import java.util.ArrayDeque;
import java.util.Deque;

/// What one lane has handed over: copies of its batches, with a place in the first. The recorder's
/// thread alone.
final class LaneInput {
    private final BatchHandOff handOff;
    private final HeldBatches copies;
    private final DeliveryCounters outcomes;
    private final Deque<HeldBatch> held = new ArrayDeque<>();
    private final PacketRun written = new PacketRun();
    private long writtenUpToNs = Long.MIN_VALUE;

    LaneInput(BatchHandOff handOff, HeldBatches copies, DeliveryCounters outcomes) {
        this.handOff = handOff;
        this.copies = copies;
        this.outcomes = outcomes;
    }

    /// Takes the next batch over, if there is one and memory for it; the lane has it back at once.
    ///
    /// @param nowNs [System#nanoTime]
    /// @return whether it did
    boolean take(long nowNs) {
        if (!held.isEmpty() && !copies.hasRoom()) {
            return false;
        }
        EncodedBatch batch = handOff.poll();
        if (batch == null) {
            return false;
        }
        BatchFacts facts = batch.facts();
        outcomes.taken(facts);
        try {
            held.add(copies.copy(batch, nowNs));
        } catch (Throwable e) { // Counted by nobody else.
            outcomes.rejected(facts, e.getClass().getSimpleName());
            throw e;
        } finally {
            handOff.giveBack(batch);
        }
        return true;
    }

    /// Whether it holds no packet.
    boolean isEmpty() {
        return held.isEmpty();
    }

    /// The batch that has the present packet; there must be one.
    HeldBatch first() {
        return held.element();
    }

    /// The present packet; there must be one.
    PacketBatchReader packet() {
        return first().packet();
    }

    /// Notes that the present packet was written, and moves to the next.
    ///
    /// @return whether that is in the same batch
    boolean passWritten() {
        written.add(packet());
        writtenUpToNs = Math.max(writtenUpToNs, packet().timestampNs());
        return advance();
    }

    /// Capture time of the latest packet that was written, nanoseconds since 1970.
    long writtenUpToNs() {
        return writtenUpToNs;
    }

    private boolean advance() {
        if (packet().next()) {
            return true;
        }
        copies.release(held.remove());
        return false;
    }

    /// Counts what was written since the call before as being in the file.
    void acknowledge() {
        if (!written.isEmpty()) {
            outcomes.acknowledged(written.take());
        }
    }

    /// Gives up everything that is not known to be in the file, and takes no more of it.
    void discard(Outcome outcome) {
        while (!held.isEmpty()) {
            written.add(packet());
            boolean _ = advance();
        }
        if (!written.isEmpty()) {
            outcome.count(outcomes, written.take());
        }
        EncodedBatch batch;
        while ((batch = handOff.poll()) != null) {
            BatchFacts facts = batch.facts();
            handOff.giveBack(batch);
            outcomes.taken(facts);
            outcome.count(outcomes, facts);
        }
    }

    /// How packets that are not in the file are counted.
    interface Outcome {
        void count(DeliveryCounters outcomes, BatchFacts packets);
    }
}
