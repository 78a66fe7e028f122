package dev.ringtail.consumer.export;

import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;

/// Brings indexed batches into memory for the merge, and lets go of them. A batch that turns out to
/// be unreadable is reported once and left out.
final class BatchLoader {
    private final BatchIndex index;
    private final Stash stash;
    private final BatchFetcher fetcher;
    private final SchemaLookup schemas;
    private final UnreadableBatches unreadable;
    private final IntConsumer done;
    private final Set<Integer> checked = new HashSet<>();

    /// @param done told of each batch that is finished with
    BatchLoader(
            BatchIndex index,
            Stash stash,
            BatchFetcher fetcher,
            SchemaLookup schemas,
            UnreadableBatches unreadable,
            IntConsumer done) {
        this.index = index;
        this.stash = stash;
        this.fetcher = fetcher;
        this.schemas = schemas;
        this.unreadable = unreadable;
        this.done = done;
    }

    /// Says that a batch was checked and is sound.
    void markChecked(int batch) {
        checked.add(batch);
    }

    /// Loads a batch, of which every packet is then known to be readable.
    ///
    /// @param onEvict called when memory is short; the reader must then be dropped
    /// @return a reader before the first packet, or null if the batch cannot be read
    @Nullable PacketBatchReader load(int batch, Runnable onEvict) {
        ByteBuffer value = fetcher.fetch(batch);
        if (value == null) {
            return giveUp(batch, "it expired from the topic during the export");
        }
        PacketBatchReader reader = new PacketBatchReader(schemas);
        try {
            reader.wrap(value);
            if (checked.add(batch)) {
                reader.check();
            }
        } catch (BatchFormatException e) {
            return giveUp(batch, String.valueOf(e.getMessage()));
        }
        stash.hold(batch, value, onEvict);
        return reader;
    }

    private @Nullable PacketBatchReader giveUp(int batch, String problem) {
        unreadable.report(index.partition(batch), index.offset(batch), problem);
        release(batch);
        return null;
    }

    /// Says that a batch is finished with.
    void release(int batch) {
        stash.remove(batch);
        checked.remove(batch);
        done.accept(batch);
    }
}
