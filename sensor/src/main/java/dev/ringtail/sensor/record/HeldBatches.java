package dev.ringtail.sensor.record;

import dev.ringtail.sensor.lane.EncodedBatch;

import java.util.ArrayDeque;
import java.util.Deque;

/// Copies of batches, whose memory is bounded and reused last-in first-out. The recorder's thread
/// alone.
final class HeldBatches {
    private final long limitBytes;
    private final Deque<HeldBatch> free = new ArrayDeque<>();
    private long usedBytes;

    /// @param limitBytes of all copies in use; each lane may have one beyond it
    HeldBatches(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /// Whether a lane that holds a batch already may have another.
    boolean hasRoom() {
        return usedBytes < limitBytes;
    }

    /// Copies a batch. Give it back by [#release].
    HeldBatch copy(EncodedBatch batch, long nowNs) {
        HeldBatch held = free.isEmpty() ? new HeldBatch() : free.pop();
        held.copy(batch, nowNs);
        usedBytes += held.capacityBytes();
        return held;
    }

    void release(HeldBatch held) {
        usedBytes -= held.capacityBytes();
        free.push(held);
    }
}
