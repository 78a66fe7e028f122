package dev.ringtail.consumer.export;

import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Brings indexed batches into memory for the merge, and lets go of them. A batch that turns out to
/// be unreadable is reported once and left out.
final class BatchLoader {
    private final BatchIndex index;
    private final Stash stash;
    private final BatchFetcher fetcher;
    private final Consumer<BatchCursor> spill;
    private final SchemaLookup schemas;
    private final UnreadableBatches unreadable;
    private final IntConsumer loaded;
    private final boolean checks;

    /// @param spill has a cursor do without its batch's value, for which the stash has no room
    /// @param loaded told of each batch that need not be fetched again
    BatchLoader(
            BatchIndex index,
            Stash stash,
            BatchFetcher fetcher,
            Consumer<BatchCursor> spill,
            SchemaLookup schemas,
            UnreadableBatches unreadable,
            IntConsumer loaded) {
        this(index, stash, fetcher, spill, schemas, unreadable, loaded, true);
    }

    private BatchLoader(
            BatchIndex index,
            Stash stash,
            BatchFetcher fetcher,
            Consumer<BatchCursor> spill,
            SchemaLookup schemas,
            UnreadableBatches unreadable,
            IntConsumer loaded,
            boolean checks) {
        this.index = index;
        this.stash = stash;
        this.fetcher = fetcher;
        this.spill = spill;
        this.schemas = schemas;
        this.unreadable = unreadable;
        this.loaded = loaded;
        this.checks = checks;
    }

    /// A loader of batches that are all in a stash, which has no limit.
    static BatchLoader ofStash(
            IndexedRange range, SchemaLookup schemas, UnreadableBatches unreadable) {
        return ofStash(range, schemas, unreadable, true);
    }

    /// The same, but a batch is not walked through before it is merged: a corrupt packet comes to
    /// light by a [BatchFormatException] of the cursor that is moved to it.
    static BatchLoader ofStashUnchecked(
            IndexedRange range, SchemaLookup schemas, UnreadableBatches unreadable) {
        return ofStash(range, schemas, unreadable, false);
    }

    private static BatchLoader ofStash(
            IndexedRange range,
            SchemaLookup schemas,
            UnreadableBatches unreadable,
            boolean checks) {
        return new BatchLoader(
                range.index(),
                range.stash(),
                range.stash()::get,
                cursor -> {
                    throw new IllegalStateException("a stash without a limit has run out of room");
                },
                schemas,
                unreadable,
                batch -> {},
                checks);
    }

    /// Loads a batch. Every packet is then known to be readable, but of a loader
    /// [#ofStashUnchecked].
    ///
    /// @return a cursor before the first packet, or null if the batch cannot be read
    @Nullable BatchCursor load(int batch) {
        ByteBuffer value = fetcher.fetch(batch);
        loaded.accept(batch);
        if (value == null) {
            return giveUp(batch, "it expired from the topic during the export");
        }
        PacketBatchReader reader = new PacketBatchReader(schemas);
        try {
            reader.wrap(value);
            if (checks) {
                reader.check();
            }
        } catch (BatchFormatException e) {
            return giveUp(batch, String.valueOf(e.getMessage()));
        }
        BatchCursor cursor = new BatchCursor(batch, reader, this);
        stash.hold(batch, value, () -> spill.accept(cursor));
        return cursor;
    }

    private @Nullable BatchCursor giveUp(int batch, String problem) {
        unreadable.report(index.partition(batch), index.offset(batch), problem);
        stash.remove(batch);
        return null;
    }

    /// Says that a batch is finished with.
    void release(int batch) {
        stash.remove(batch);
    }
}
