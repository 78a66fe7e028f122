package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;

/// Open batches of one lane, the one with the lowest lane number on top, that of the lower batch
/// where two have the same.
///
/// The numbers of a lane follow each other, and the next packet of a batch is not far from its
/// present one. So each batch stands in a ring at its present packet's number, and the one that
/// comes next is at the next place: a calendar queue whose days hold one event (Brown, Calendar
/// queues, CACM 31(10), 1988). Those whose number is too far ahead, or another's too, are in a
/// tree.
final class LaneCalendar {
    private static final int INITIAL_PLACES = 64;
    private static final int MAX_PLACES = 1 << 12;

    /// A batch with the number `n` is at `n` modulo the count of places, a power of two. All
    /// numbers here are from `first` to `last`, fewer than there are places.
    private @Nullable BatchCursor[] places = new @Nullable BatchCursor[INITIAL_PLACES];

    private int placed;
    private long first;
    private long last;

    private final CursorTree others = new CursorTree();

    private @Nullable BatchCursor top;

    /// Whether there are none.
    boolean isEmpty() {
        return top == null;
    }

    /// The top; there must be one.
    BatchCursor top() {
        BatchCursor cursor = top;
        if (cursor == null) {
            throw new IllegalStateException("no open batch");
        }
        return cursor;
    }

    /// Adds a batch at its present packet.
    void put(BatchCursor cursor) {
        if (!place(cursor, cursor.laneNumber())) {
            others.put(cursor);
        }
        findTop();
    }

    /// Takes up that the top has another number.
    void topMoved() {
        put(takeTop());
    }

    /// Takes the top out.
    void removeTop() {
        takeTop();
        findTop();
    }

    private BatchCursor takeTop() {
        BatchCursor taken = top();
        int place = place(first);
        if (placed > 0 && places[place] == taken) {
            places[place] = null;
            placed--;
        } else {
            others.removeTop();
        }
        return taken;
    }

    /// @return whether there was a place for the number
    private boolean place(BatchCursor cursor, long number) {
        if (placed == 0) {
            first = number;
            last = number;
        }
        long newFirst = Math.min(first, number);
        long newLast = Math.max(last, number);
        long span = newLast - newFirst;
        // What is less than nothing is more than a long can tell.
        if (span < 0 || span >= MAX_PLACES) {
            return false;
        }
        if (span >= places.length) {
            spread(Integer.highestOneBit((int) span) << 1);
        }
        int place = place(number);
        if (places[place] != null) {
            return false;
        }
        places[place] = cursor;
        placed++;
        first = newFirst;
        last = newLast;
        return true;
    }

    private int place(long number) {
        return (int) number & places.length - 1;
    }

    private void spread(int count) {
        @Nullable BatchCursor[] old = places;
        places = new @Nullable BatchCursor[count];
        for (BatchCursor cursor : old) {
            if (cursor != null) {
                places[place(cursor.laneNumber())] = cursor;
            }
        }
    }

    private void findTop() {
        @Nullable BatchCursor lowest = null;
        if (placed > 0) {
            lowest = places[place(first)];
            while (lowest == null) {
                lowest = places[place(++first)];
            }
        }
        if (!others.isEmpty()) {
            lowest = lowerOf(lowest, others.top());
        }
        top = lowest;
    }

    private BatchCursor lowerOf(@Nullable BatchCursor placedOne, BatchCursor other) {
        if (placedOne == null) {
            return other;
        }
        long number = placedOne.laneNumber();
        boolean otherIsLower =
                other.laneNumber() < number
                        || (other.laneNumber() == number && other.batch() < placedOne.batch());
        return otherIsLower ? other : placedOne;
    }
}
