package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// Values of batches that have been fetched and are not done with, up to a limit in bytes. Over the
/// limit the value that will be needed last, by the batch's earliest packet, is given up; it can be
/// fetched again.
final class Stash {
    private static final class Entry {
        private final ByteBuffer value;
        private final @Nullable Runnable onEvict;

        Entry(ByteBuffer value, @Nullable Runnable onEvict) {
            this.value = value;
            this.onEvict = onEvict;
        }
    }

    private final long limitBytes;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final TreeSet<Integer> byTime;
    private long bytes;

    /// @param limitBytes most bytes of values kept; a single value may exceed it
    /// @param index tells the times of batches
    Stash(long limitBytes, BatchIndex index) {
        this.limitBytes = limitBytes;
        this.byTime =
                new TreeSet<>(
                        Comparator.<Integer>comparingLong(index::minNs)
                                .thenComparingInt(batch -> batch));
    }

    /// Keeps the value of a batch for later, if there is room or it is needed before another.
    void offer(int batch, ByteBuffer value) {
        if (entries.containsKey(batch)) {
            return;
        }
        add(batch, new Entry(value, null));
        while (bytes > limitBytes) {
            evict(byTime.last());
        }
    }

    /// Keeps the value of a batch that is in use.
    ///
    /// @param onEvict called when the value is given up; whoever uses it must let go of it
    void hold(int batch, ByteBuffer value, Runnable onEvict) {
        remove(batch);
        add(batch, new Entry(value, onEvict));
        while (bytes > limitBytes && entries.size() > 1) {
            int last = byTime.last();
            Integer lower = byTime.lower(last);
            evict(last == batch && lower != null ? lower : last);
        }
    }

    private void add(int batch, Entry entry) {
        entries.put(batch, entry);
        byTime.add(batch);
        bytes += entry.value.remaining();
    }

    private void evict(int batch) {
        Entry entry = entries.get(batch);
        remove(batch);
        if (entry != null && entry.onEvict != null) {
            entry.onEvict.run();
        }
    }

    /// Forgets a batch.
    void remove(int batch) {
        Entry entry = entries.remove(batch);
        if (entry != null) {
            byTime.remove(batch);
            bytes -= entry.value.remaining();
        }
    }

    /// The value of a batch, or null if it is not here.
    @Nullable ByteBuffer get(int batch) {
        Entry entry = entries.get(batch);
        return entry == null ? null : entry.value;
    }

    /// Bytes of all values here.
    long bytes() {
        return bytes;
    }

    /// Whether more than half of the room is taken.
    boolean isHalfFull() {
        return bytes > limitBytes / 2;
    }
}
