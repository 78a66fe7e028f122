package dev.ringtail.consumer.export;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.PacketRun;

import java.util.List;

/// Packets of a batch that are in a [SpillFile], from where few of them come into memory at a time.
final class SpilledPackets {
    /// As many batches as there are lanes and partitions may each have one run in memory.
    private static final int RUN_BYTES = 8 * 1024;

    private final SpillFile file;
    private final long position;
    private final int length;

    /// Those that are not read yet.
    private final List<PacketRun> runs;

    private final int firstOffset;
    private int next;

    private SpilledPackets(SpillFile file, PacketBatchReader batch, List<PacketRun> runs) {
        this.file = file;
        this.runs = runs;
        this.firstOffset = runs.getFirst().offset();
        this.length = runs.getLast().offset() + runs.getLast().length() - firstOffset;
        this.position = file.write(batch.array(), firstOffset, length);
    }

    /// Writes packets of a batch from one on, of which there is at least one. [#resume] brings them
    /// back.
    ///
    /// @param firstIndex place in the batch of the first
    static SpilledPackets write(PacketBatchReader batch, int firstIndex, SpillFile file) {
        return new SpilledPackets(file, batch, PacketRun.allFrom(batch, firstIndex, RUN_BYTES));
    }

    /// Has the batch's reader go on with the next of them.
    ///
    /// @return false if all have been read
    boolean resume(PacketBatchReader batch) {
        if (next == runs.size()) {
            return false;
        }
        PacketRun run = runs.get(next++);
        batch.resume(run, file.read(position + run.offset() - firstOffset, run.length()));
        return true;
    }

    /// Gives up their place in the file.
    void free() {
        file.free(position, length);
    }
}
