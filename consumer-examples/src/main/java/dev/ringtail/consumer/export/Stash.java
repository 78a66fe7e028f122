package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/// Values of batches that have been fetched and are not done with, up to a limit in bytes.
///
/// Batches in use may have half of it; over that, the one that ends last, but not the newest, must
/// make do without its value. Of the others, over the limit, the one that will be needed last, by
/// its earliest packet, is given up; it can be fetched again.
final class Stash {
    /// @param spill how the user of the batch does without the value; null if nobody uses it yet
    private record Entry(ByteBuffer value, @Nullable Runnable spill) {}

    private final long limitBytes;
    private final BatchIndex index;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final TreeSet<Integer> usedByEnd;
    private final TreeSet<Integer> unusedByStart;
    private long usedBytes;
    private long unusedBytes;

    /// @param limitBytes most bytes of values kept; a single value may exceed it
    /// @param index tells the times of batches
    Stash(long limitBytes, BatchIndex index) {
        this.limitBytes = limitBytes;
        this.index = index;
        this.usedByEnd = new TreeSet<>(byTime(index::maxNs));
        this.unusedByStart = new TreeSet<>(byTime(index::minNs));
    }

    private static Comparator<Integer> byTime(ToLongFunction<Integer> timeNs) {
        return Comparator.comparingLong(timeNs).thenComparingInt(batch -> batch);
    }

    /// Whether a value can be kept without giving up one that begins at a time or before.
    boolean hasRoomFor(ByteBuffer value, long timeNs) {
        long missingBytes = bytes() + value.remaining() - limitBytes;
        for (int batch : unusedByStart.descendingSet()) {
            ByteBuffer other = get(batch);
            if (missingBytes <= 0 || other == null || index.minNs(batch) <= timeNs) {
                break;
            }
            missingBytes -= other.remaining();
        }
        return missingBytes <= 0;
    }

    /// Keeps the value of a batch for later, if there is room or it is needed before another.
    void offer(int batch, ByteBuffer value) {
        if (entries.putIfAbsent(batch, new Entry(value, null)) == null) {
            unusedByStart.add(batch);
            unusedBytes += value.remaining();
            shrink();
        }
    }

    /// Keeps the value of a batch that is in use from now on.
    ///
    /// @param spill called where the value is given up; whoever uses it must let go of it
    void hold(int batch, ByteBuffer value, Runnable spill) {
        remove(batch);
        while (!usedByEnd.isEmpty() && usedBytes + value.remaining() > limitBytes / 2) {
            Entry spilled = take(usedByEnd.last());
            if (spilled != null && spilled.spill != null) {
                spilled.spill.run();
            }
        }
        entries.put(batch, new Entry(value, spill));
        usedByEnd.add(batch);
        usedBytes += value.remaining();
        shrink();
    }

    private void shrink() {
        while (bytes() > limitBytes && !unusedByStart.isEmpty()) {
            remove(unusedByStart.last());
        }
    }

    /// Forgets a batch.
    void remove(int batch) {
        take(batch);
    }

    private @Nullable Entry take(int batch) {
        Entry entry = entries.remove(batch);
        if (entry != null && entry.spill == null) {
            unusedByStart.remove(batch);
            unusedBytes -= entry.value.remaining();
        } else if (entry != null) {
            usedByEnd.remove(batch);
            usedBytes -= entry.value.remaining();
        }
        return entry;
    }

    /// The value of a batch, or null if it is not here.
    @Nullable ByteBuffer get(int batch) {
        Entry entry = entries.get(batch);
        return entry == null ? null : entry.value;
    }

    /// Bytes of all values here.
    long bytes() {
        return usedBytes + unusedBytes;
    }

    /// Whether batches that are not in use take more than half of the room that others leave.
    boolean isHalfFull() {
        return unusedBytes > (limitBytes - usedBytes) / 2;
    }
}
