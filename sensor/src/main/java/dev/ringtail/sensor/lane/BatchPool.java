package dev.ringtail.sensor.lane;

import org.jspecify.annotations.Nullable;

/// The batches of one lane: free ones on a stack, closed ones on their way to the publisher,
/// returned ones on their way back. Their number never changes, which bounds the lane's memory.
///
/// Free batches are reused last-in first-out, so that few of them stay in the processor's cache:
/// that took the cost of a packet from 143 to 82 ns in a spike.
public final class BatchPool implements BatchHandOff {
    private final SpscQueue<EncodedBatch> closed;
    private final SpscQueue<EncodedBatch> returned;
    private final EncodedBatch[] free;
    private final Runnable wakePublisher;
    private final int batchBytes;
    private int freeCount;
    private boolean unannounced;

    /// @param batchCount count of batches
    /// @param batchBytes capacity of each
    /// @param wakePublisher called on the lane's thread after hand-overs; must not wait
    public BatchPool(int batchCount, int batchBytes, Runnable wakePublisher) {
        this.closed = new SpscQueue<>(batchCount);
        this.returned = new SpscQueue<>(batchCount);
        this.free = new EncodedBatch[batchCount];
        this.batchBytes = batchBytes;
        this.wakePublisher = wakePublisher;
        for (int i = 0; i < batchCount; i++) {
            free[i] = new EncodedBatch(batchBytes);
        }
        this.freeCount = batchCount;
    }

    @Override
    public @Nullable EncodedBatch poll() {
        return closed.poll();
    }

    @Override
    public void giveBack(EncodedBatch batch) {
        returned.offer(batch);
    }

    /// Capacity of a batch in bytes.
    int batchBytes() {
        return batchBytes;
    }

    /// Count of batches that [#take] can give now. Lane thread only.
    int available() {
        EncodedBatch batch;
        while ((batch = returned.poll()) != null) {
            batch.shrink();
            free[freeCount++] = batch;
        }
        return freeCount;
    }

    /// A free batch; ask [#available] first. Lane thread only.
    EncodedBatch take() {
        if (freeCount == 0 && available() == 0) {
            throw new IllegalStateException("No free batch: available() was not asked");
        }
        return free[--freeCount];
    }

    /// Hands a closed batch to the publisher, who may not know of it before [#announce]. Lane
    /// thread only.
    void handOver(EncodedBatch batch) {
        closed.offer(batch);
        unannounced = true;
    }

    /// Wakes the publisher if a batch was handed over since the last call. A wake-up is a system
    /// call where the publisher sleeps, so one for all batches of a block has to do. Lane thread
    /// only.
    void announce() {
        if (unannounced) {
            unannounced = false;
            wakePublisher.run();
        }
    }
}
