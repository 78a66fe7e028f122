package dev.ringtail.consumer.export;

import dev.ringtail.schema.PacketBatchReader;

import org.jspecify.annotations.Nullable;

/// A place within a batch. Its keys stay known while the batch itself is not in memory.
final class BatchCursor {
    private final int batch;
    private final BatchLoader loader;
    private @Nullable PacketBatchReader reader;
    private int packetsPassed;
    private long laneNumber;
    private long packetNumber;
    private long timestampNs;
    private int interfaceId = -1;

    /// A cursor before the first packet of a batch.
    BatchCursor(int batch, BatchLoader loader) {
        this.batch = batch;
        this.loader = loader;
    }

    /// Number of the batch in the index.
    int batch() {
        return batch;
    }

    /// Moves to the next packet.
    ///
    /// @return false after the last, or if the batch cannot be read
    boolean next() {
        if (!load()) {
            return false;
        }
        PacketBatchReader loaded = packet();
        if (!loaded.next()) {
            return false;
        }
        packetsPassed++;
        laneNumber = loaded.laneNumber();
        packetNumber = loaded.packetNumber();
        timestampNs = loaded.timestampNs();
        return true;
    }

    /// Brings the batch back into memory, at the present packet, if it is not there.
    ///
    /// @return false if it cannot be read
    boolean load() {
        if (reader != null) {
            return true;
        }
        PacketBatchReader loaded = loader.load(batch, () -> reader = null);
        if (loaded == null) {
            return false;
        }
        for (int i = 0; i < packetsPassed; i++) {
            loaded.next();
        }
        reader = loaded;
        return true;
    }

    /// Whether the batch is in memory.
    boolean isLoaded() {
        return reader != null;
    }

    /// The present packet; the batch must be in memory.
    PacketBatchReader packet() {
        PacketBatchReader loaded = reader;
        if (loaded == null) {
            throw new IllegalStateException("batch " + batch + " is not in memory");
        }
        return loaded;
    }

    /// Lets go of the batch for good.
    void close() {
        reader = null;
        loader.release(batch);
    }

    /// Lane number of the present packet.
    long laneNumber() {
        return laneNumber;
    }

    /// Packet number of the present packet.
    long packetNumber() {
        return packetNumber;
    }

    /// Count of packets moved to so far.
    int packetsPassed() {
        return packetsPassed;
    }

    /// Capture time of the present packet, nanoseconds since 1970-01-01T00:00:00Z.
    long timestampNs() {
        return timestampNs;
    }

    /// Number of the batch's interface in the capture file, -1 before it has been looked up.
    int interfaceId() {
        return interfaceId;
    }

    /// Keeps what [#interfaceId] is to tell.
    void setInterfaceId(int id) {
        interfaceId = id;
    }
}
