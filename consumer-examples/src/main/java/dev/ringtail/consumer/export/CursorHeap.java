package dev.ringtail.consumer.export;

import java.util.Arrays;

/// Cursors over batches of one lane, the one with the lowest lane number on top, that of the lower
/// batch where two have the same. The numbers lie beside the cursors, so that putting one in its
/// place costs a walk over longs.
final class CursorHeap {
    private static final int INITIAL_CAPACITY = 32;

    private long[] laneNumbers = new long[INITIAL_CAPACITY];
    private BatchCursor[] cursors = new BatchCursor[INITIAL_CAPACITY];
    private int size;

    /// Whether there are none.
    boolean isEmpty() {
        return size == 0;
    }

    /// The top.
    BatchCursor top() {
        return cursors[0];
    }

    /// Adds a cursor at its present packet.
    void add(BatchCursor cursor) {
        if (size == cursors.length) {
            laneNumbers = Arrays.copyOf(laneNumbers, 2 * size);
            cursors = Arrays.copyOf(cursors, 2 * size);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!isBefore(cursor.laneNumber(), cursor.batch(), parent)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, cursor);
    }

    /// Takes up that the top has moved to another packet.
    void topMoved() {
        sink(cursors[0]);
    }

    /// Takes the top out.
    @SuppressWarnings("NullAway") // Places behind the last cursor are empty.
    void removeTop() {
        BatchCursor last = cursors[--size];
        cursors[size] = null;
        if (size > 0) {
            sink(last);
        }
    }

    /// Puts a cursor where the top was, and down to its place.
    private void sink(BatchCursor cursor) {
        long laneNumber = cursor.laneNumber();
        int at = 0;
        int child = 1;
        while (child < size) {
            int right = child + 1;
            if (right < size && isBefore(laneNumbers[right], cursors[right].batch(), child)) {
                child = right;
            }
            if (!isBefore(laneNumbers[child], cursors[child].batch(), laneNumber, cursor.batch())) {
                break;
            }
            move(child, at);
            at = child;
            child = 2 * at + 1;
        }
        put(at, cursor);
    }

    private boolean isBefore(long laneNumber, int batch, int place) {
        return isBefore(laneNumber, batch, laneNumbers[place], cursors[place].batch());
    }

    private static boolean isBefore(
            long laneNumber, int batch, long otherLaneNumber, int otherBatch) {
        return laneNumber < otherLaneNumber
                || (laneNumber == otherLaneNumber && batch < otherBatch);
    }

    private void move(int from, int to) {
        laneNumbers[to] = laneNumbers[from];
        cursors[to] = cursors[from];
    }

    private void put(int at, BatchCursor cursor) {
        laneNumbers[at] = cursor.laneNumber();
        cursors[at] = cursor;
    }
}
