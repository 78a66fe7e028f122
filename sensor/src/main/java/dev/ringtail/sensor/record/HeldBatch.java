package dev.ringtail.sensor.record;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.sensor.lane.EncodedBatch;

/// The recorder's copy of a batch, with a place in it. Reused for ever; made by [HeldBatches].
final class HeldBatch {
    private final PacketBatchReader reader = new PacketBatchReader();
    private byte[] array = {};
    private long arrivedNs;

    /// Takes the batch's value over, and moves to its first packet.
    ///
    /// @param nowNs when it came, by [System#nanoTime]
    void copy(EncodedBatch batch, long nowNs) {
        if (array.length < batch.length()) {
            array = new byte[batch.length()];
        }
        System.arraycopy(batch.array(), batch.offset(), array, 0, batch.length());
        reader.wrap(array, 0, batch.length());
        reader.next();
        arrivedNs = nowNs;
    }

    /// The present packet.
    PacketBatchReader packet() {
        return reader;
    }

    /// When it came, by [System#nanoTime].
    long arrivedNs() {
        return arrivedNs;
    }

    /// Memory that it takes.
    int capacityBytes() {
        return array.length;
    }
}
