package dev.ringtail.consumer.export;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/// Writes those packets of a merge that are wanted.
final class MergedExport {
    private final ExportQuery query;
    private final PacketFilters filters;
    private final CaptureSink sink;
    private final Progress progress;
    private final BooleanSupplier stop;
    private long duplicates;
    private long missing;

    /// @param stop asked before each packet; true ends the writing early
    MergedExport(
            ExportQuery query,
            PacketFilters filters,
            CaptureSink sink,
            Progress progress,
            BooleanSupplier stop) {
        this.query = query;
        this.filters = filters;
        this.sink = sink;
        this.progress = progress;
        this.stop = stop;
    }

    /// Writes the wanted packets of a merge that has all its batches.
    ///
    /// @throws IOException if the output fails
    void write(PacketMerge merge) throws IOException {
        write(merge, Long.MAX_VALUE);
        count(merge);
    }

    /// Writes the wanted packets that a merge has up to a capture time.
    ///
    /// @throws IOException if the output fails
    void write(PacketMerge merge, long limitNs) throws IOException {
        while (!isDone() && merge.next(limitNs)) {
            LaneCursor lane = merge.lane();
            BatchCursor cursor = lane.packet();
            if (query.contains(cursor.timestampNs()) && filters.matches(cursor.packet())) {
                sink.write(cursor, lane.takeMissing());
                progress.wrote(sink.packetCount());
            }
        }
    }

    /// Adds up what a merge that is over has found.
    void count(PacketMerge merge) {
        duplicates += merge.duplicates();
        missing += merge.missing();
    }

    /// Whether nothing more is to be written.
    boolean isDone() {
        return stop.getAsBoolean() || sink.packetCount() >= query.maxPackets();
    }

    /// Packets that were there more than once.
    long duplicates() {
        return duplicates;
    }

    /// Packets that should have been there.
    long missing() {
        return missing;
    }
}
