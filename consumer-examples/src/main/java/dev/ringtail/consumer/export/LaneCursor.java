package dev.ringtail.consumer.export;

import dev.ringtail.consumer.LaneKey;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.PriorityQueue;

/// The packets of one lane, strictly by lane number, each once, from batches of all partitions.
///
/// Only those batches are open whose first lane number has been reached: about one a partition. The
/// key by which lanes are merged, [#timestampNs], is known before anything is loaded.
final class LaneCursor {
    private static final Comparator<BatchCursor> BY_LANE_NUMBER =
            Comparator.comparingLong(BatchCursor::laneNumber).thenComparingInt(BatchCursor::batch);

    private final LaneKey key;
    private final MergeInput input;
    private final BatchLoader loader;

    /// The wanted batches by lane and first lane number; this lane's that are still to be opened
    /// are from `next` to `end`.
    private final int[] batches;

    private int next;
    private final int end;

    /// Open batches but the head.
    private final PriorityQueue<BatchCursor> open = new PriorityQueue<>(BY_LANE_NUMBER);

    /// The batch that has the present packet.
    private @Nullable BatchCursor head;

    private long timestampNs;
    private long lastLaneNumber;
    private long missing;
    private long duplicates;
    private long unreadable;

    /// @param batches see [BatchIndex#wantedByLane]; this lane's are from `first` to `end`
    LaneCursor(MergeInput input, BatchLoader loader, int[] batches, int first, int end) {
        this.input = input;
        this.loader = loader;
        this.batches = batches;
        this.next = first;
        this.end = end;
        this.key = input.index().laneKey(batches[first]);
        this.timestampNs = input.index().baseNs(batches[first]);
    }

    /// Whether the present packet is in memory and [#timestampNs] is its own. If not, [#prepare]
    /// brings that about.
    boolean isReady() {
        return head != null && head.isLoaded();
    }

    /// Loads the present packet, or moves to the first.
    ///
    /// @return false if there is none
    boolean prepare() {
        BatchCursor present = head;
        if (present == null) {
            return settle();
        }
        if (present.load()) {
            return true;
        }
        // It was readable and has expired since.
        lose(input.index().packetCount(present.batch()) - present.packetsPassed() + 1L);
        head = null;
        return settle();
    }

    /// Moves to the next packet.
    ///
    /// @return false after the last
    boolean advance() {
        BatchCursor present = packet();
        lastLaneNumber = present.laneNumber();
        moveOn(present);
        return settle();
    }

    private void moveOn(BatchCursor present) {
        if (!present.next()) {
            present.close();
            head = null;
        }
    }

    /// Makes the open packet with the lowest lane number the present one, having opened every batch
    /// that may hold it, and passes over packets that were there before.
    private boolean settle() {
        while (true) {
            BatchCursor lowest = head != null ? head : open.poll();
            while (next < end
                    && (lowest == null
                            || input.index().firstLaneNumber(batches[next])
                                    <= lowest.laneNumber())) {
                lowest = lower(lowest, open(batches[next++]));
            }
            BatchCursor other = open.peek();
            if (lowest != null && other != null && BY_LANE_NUMBER.compare(other, lowest) < 0) {
                open.poll();
                open.add(lowest);
                lowest = other;
            }
            head = lowest;
            if (lowest == null) {
                return false;
            }
            timestampNs = lowest.timestampNs();
            if (lowest.laneNumber() > lastLaneNumber
                    && lowest.packetNumber() >= input.firstUnseen(lowest.batch())) {
                return true;
            }
            duplicates++;
            moveOn(lowest);
        }
    }

    /// Puts the later of two cursors, where there are two, with the open ones.
    private @Nullable BatchCursor lower(
            @Nullable BatchCursor lowest, @Nullable BatchCursor opened) {
        if (lowest == null || opened == null) {
            return lowest == null ? opened : lowest;
        }
        boolean openedFirst = BY_LANE_NUMBER.compare(opened, lowest) < 0;
        open.add(openedFirst ? lowest : opened);
        return openedFirst ? opened : lowest;
    }

    private @Nullable BatchCursor open(int batch) {
        missing += input.missingBefore(batch);
        BatchCursor cursor = new BatchCursor(batch, loader);
        if (!cursor.load()) {
            lose(input.index().packetCount(batch));
            return null;
        }
        if (!cursor.next()) {
            cursor.close();
            return null;
        }
        return cursor;
    }

    /// Where the present packet is.
    BatchCursor packet() {
        BatchCursor present = head;
        if (present == null) {
            throw new IllegalStateException(key + " has no present packet");
        }
        return present;
    }

    /// The lane.
    LaneKey key() {
        return key;
    }

    /// Capture time of the present packet, or of the lane's first before that is loaded;
    /// nanoseconds since 1970-01-01T00:00:00Z.
    long timestampNs() {
        return timestampNs;
    }

    /// Packets of the lane that are missing before the present one, counted since the last call.
    long takeMissing() {
        long taken = missing;
        missing = 0;
        return taken;
    }

    /// Packets passed over so far because they were there before.
    long duplicates() {
        return duplicates;
    }

    /// Packets of batches that could not be read.
    long unreadable() {
        return unreadable;
    }

    private void lose(long packetCount) {
        missing += packetCount;
        unreadable += packetCount;
    }
}
