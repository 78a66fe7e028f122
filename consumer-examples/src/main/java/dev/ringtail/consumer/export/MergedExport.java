package dev.ringtail.consumer.export;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/// An export's second pass: merges indexed batches, and writes those packets that are wanted.
final class MergedExport {
    private final ExportQuery query;
    private final PacketFilters filters;
    private final CaptureSink sink;
    private final Progress progress;
    private final BooleanSupplier stop;
    private long duplicates;
    private long missing;

    /// @param stop asked before each packet; true ends the pass early
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

    /// Writes the wanted packets of one merge.
    ///
    /// @throws IOException if the output fails
    void write(MergeInput input, BatchLoader loader) throws IOException {
        missing += input.missing();
        PacketMerge merge = new PacketMerge(input, loader);
        while (!isDone() && merge.next()) {
            LaneCursor lane = merge.lane();
            BatchCursor cursor = lane.packet();
            if (query.contains(cursor.timestampNs()) && filters.matches(cursor.packet())) {
                sink.write(cursor, lane.takeMissing());
                progress.wrote(sink.packetCount());
            }
        }
        duplicates += merge.duplicates();
        missing += merge.unreadable();
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
