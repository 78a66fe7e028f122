package dev.ringtail.consumer.verify;

import java.util.List;

/// What the topic holds of one stream: the packets of a session, lane and partition.
final class StreamAudit {
    private final NumberSet numbers = new NumberSet();
    private long duplicates;

    /// Counts a batch.
    ///
    /// @param first its first packet number
    /// @param end the number after its last packet's
    void add(long first, long end) {
        duplicates += numbers.add(first, end);
    }

    /// Count of distinct packets.
    long present() {
        return numbers.count();
    }

    /// Packets that are there once more.
    long duplicates() {
        return duplicates;
    }

    /// Packets before the first that is there, if the log has lost records at its start: these have
    /// expired and are not missing.
    ///
    /// @param logHasExpired whether the partition's log no longer begins at offset 0
    /// @param lastNumber the stream's last packet number
    long expired(boolean logHasExpired, long lastNumber) {
        return logHasExpired ? numbers.lowest(lastNumber + 1) - 1 : 0;
    }

    /// Packet numbers that should be there and are not.
    ///
    /// @param expired see [#expired]
    /// @param lastNumber the stream's last packet number
    List<NumberSet.Run> missing(long expired, long lastNumber) {
        return numbers.missing(expired + 1, lastNumber + 1);
    }
}
