package dev.ringtail.sensor.lane;

import org.jspecify.annotations.Nullable;

/// The publisher's end of the bounded hand-off from one lane. Its capacity is the count of the
/// lane's batches, so the lane's end never waits and never fails.
public interface BatchHandOff {
    /// The oldest closed batch, which is the publisher's until [#giveBack]; null where there is
    /// none. Publisher thread only.
    @Nullable EncodedBatch poll();

    /// Returns a batch to its lane, which may overwrite it at once. Publisher thread only.
    void giveBack(EncodedBatch batch);
}
