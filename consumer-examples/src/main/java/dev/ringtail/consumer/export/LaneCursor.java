package dev.ringtail.consumer.export;

import dev.ringtail.consumer.LaneKey;

import java.util.Arrays;

/// The packets of one lane, strictly by lane number, each once, from batches of all partitions.
///
/// Only those batches are open whose first lane number has been reached: about one a partition. The
/// key by which lanes are merged, [#timestampNs], is known before anything is loaded.
final class LaneCursor {
    private static final int SPARE_BATCHES = 64;

    private final LaneKey key;
    private final MergeInput input;
    private final BatchLoader loader;

    /// The wanted batches by lane and first lane number; this lane's that are still to be opened
    /// are from `next` to `end`.
    private int[] batches;

    private int next;
    private int end;

    /// First lane number of the next of these; the highest there is where there is none.
    private long nextFirst;

    /// Open batches; the top has the present packet.
    private final LaneCalendar open = new LaneCalendar();

    private long timestampNs;
    private long lastLaneNumber;
    private long missing;
    private long duplicates;
    private long unreadable;

    /// @param batches see [BatchIndex#wantedByLane]; this lane's are from `first` to `end`, at
    ///   least one
    LaneCursor(MergeInput input, BatchLoader loader, int[] batches, int first, int end) {
        this.input = input;
        this.loader = loader;
        this.batches = batches;
        this.next = first;
        this.end = end;
        this.key = input.index().laneKey(batches[first]);
        this.timestampNs = input.index().baseNs(batches[first]);
        lookAtNext();
    }

    private void lookAtNext() {
        nextFirst = next < end ? input.index().firstLaneNumber(batches[next]) : Long.MAX_VALUE;
    }

    /// Whether a batch that came after the merge began has the packet that would be the lane's
    /// next.
    boolean isNext(int batch) {
        long first = input.index().firstLaneNumber(batch);
        return first < nextFirst && (open.isEmpty() || first < open.top().laneNumber());
    }

    /// Adds a batch that came after the merge began. Where it [#isNext], [#timestampNs] is that of
    /// its first packet then; else it stays as it is.
    ///
    /// @throws OutOfOrderException if a packet behind its first has been passed already
    void add(int batch) {
        BatchIndex index = input.index();
        long first = index.firstLaneNumber(batch);
        if (first <= lastLaneNumber) {
            throw new OutOfOrderException(
                    "lane number %d of %s after %d".formatted(first, key, lastLaneNumber));
        }
        boolean isNext = isNext(batch);
        insert(batch);
        if (isNext) {
            timestampNs = index.baseNs(batch);
            if (!open.isEmpty()) {
                settle();
            }
        }
    }

    /// Puts a batch among those to be opened; it is nearly always the last.
    private void insert(int batch) {
        if (end == batches.length) {
            batches = Arrays.copyOfRange(batches, next, 2 * end - next + SPARE_BATCHES);
            end -= next;
            next = 0;
        }
        int at = end++;
        while (at > next && input.index().compareInLane(batches[at - 1], batch) > 0) {
            batches[at] = batches[at - 1];
            at--;
        }
        batches[at] = batch;
        lookAtNext();
    }

    /// Whether there is a present packet, and [#timestampNs] is its own. If not, [#settle] brings
    /// that about.
    boolean isReady() {
        return !open.isEmpty();
    }

    /// Moves to the next packet.
    ///
    /// @return false after the last
    boolean advance() {
        lastLaneNumber = packet().laneNumber();
        passTop();
        return settle();
    }

    private void passTop() {
        BatchCursor present = open.top();
        if (present.next()) {
            open.topMoved();
        } else {
            present.close();
            open.removeTop();
        }
    }

    /// Makes the open packet with the lowest lane number the present one, having opened every batch
    /// that may hold it, and passes over packets that were there before.
    ///
    /// @return false if there is none
    boolean settle() {
        while (true) {
            while (next < end && (open.isEmpty() || nextFirst <= open.top().laneNumber())) {
                openNext();
            }
            if (open.isEmpty()) {
                return false;
            }
            BatchCursor lowest = open.top();
            timestampNs = lowest.timestampNs();
            if (lowest.laneNumber() > lastLaneNumber
                    && lowest.packetNumber() >= input.firstUnseen(lowest.batch())) {
                return true;
            }
            duplicates++;
            passTop();
        }
    }

    private void openNext() {
        int batch = batches[next++];
        lookAtNext();
        missing += input.missingBefore(batch);
        BatchCursor cursor = loader.load(batch);
        if (cursor == null) {
            lose(input.index().packetCount(batch));
        } else if (cursor.next()) {
            open.put(cursor);
        } else {
            cursor.close();
        }
    }

    /// Where the present packet is.
    BatchCursor packet() {
        if (open.isEmpty()) {
            throw new IllegalStateException(key + " has no present packet");
        }
        return open.top();
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
