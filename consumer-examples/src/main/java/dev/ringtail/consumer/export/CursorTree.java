package dev.ringtail.consumer.export;

import java.util.Arrays;

/// Cursors over batches of one lane, the one with the lowest lane number on top, that of the lower
/// batch where two have the same: a tree of losers (Knuth, The Art of Computer Programming 3,
/// 5.4.1).
///
/// Packets of a lane go to partitions at random, so a processor can't foresee which of two cursors
/// comes first. Hence a key is one number, the lane number above the cursor's place, and a match is
/// a minimum and a maximum, without a branch. Where a batch begins or ends the tree is built anew.
final class CursorTree {
    private static final int INITIAL_CAPACITY = 16;

    /// In the order of their batches, so that a place decides between equal lane numbers.
    private BatchCursor[] cursors = new BatchCursor[INITIAL_CAPACITY];

    private int size;

    /// At 0 the key of the winner, from 1 on that of each match's loser: the match at `n` is
    /// between the winners of those at `2n` and `2n + 1`, or between places where these are not
    /// there. As many as there are places, a power of two.
    private long[] keys = new long[1];

    /// Lane number that keys count from: the lowest when the tree was built.
    private long base;

    /// Bits of a key that tell the place; those above tell the lane number.
    private int placeBits;

    /// Whether there are none.
    boolean isEmpty() {
        return size == 0;
    }

    /// The top; there must be one.
    BatchCursor top() {
        return cursors[topPlace()];
    }

    private int topPlace() {
        return (int) keys[0] & keys.length - 1;
    }

    /// Adds a cursor at its present packet.
    void add(BatchCursor cursor) {
        if (size == cursors.length) {
            cursors = Arrays.copyOf(cursors, 2 * size);
        }
        int place = size++;
        while (place > 0 && cursors[place - 1].batch() > cursor.batch()) {
            cursors[place] = cursors[place - 1];
            place--;
        }
        cursors[place] = cursor;
        build();
    }

    /// Takes up that the top has moved to another packet, whose lane number is higher.
    void topMoved() {
        int place = topPlace();
        long winner = key(place);
        for (int match = place + keys.length >>> 1; match > 0; match >>>= 1) {
            long other = keys[match];
            keys[match] = Math.max(winner, other);
            winner = Math.min(winner, other);
        }
        keys[0] = winner;
        if (winner >>> placeBits == highest()) {
            build();
        }
    }

    /// Takes the top out.
    @SuppressWarnings("NullAway") // Places behind the last cursor are empty.
    void removeTop() {
        int place = topPlace();
        System.arraycopy(cursors, place + 1, cursors, place, --size - place);
        cursors[size] = null;
        if (size > 0) {
            build();
        }
    }

    private void build() {
        placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
        int places = 1 << placeBits;
        if (places != keys.length) {
            keys = new long[places];
        }
        base = Long.MAX_VALUE;
        for (int place = 0; place < size; place++) {
            base = Math.min(base, cursors[place].laneNumber());
        }
        long[] winners = new long[2 * places];
        for (int place = 0; place < places; place++) {
            winners[places + place] = place < size ? key(place) : Long.MAX_VALUE;
        }
        for (int match = places - 1; match > 0; match--) {
            long one = winners[2 * match];
            long other = winners[2 * match + 1];
            keys[match] = Math.max(one, other);
            winners[match] = Math.min(one, other);
        }
        keys[0] = winners[1];
    }

    /// A cursor's lane number, as far as a key can tell it, above its place.
    private long key(int place) {
        return Math.min(cursors[place].laneNumber() - base, highest()) << placeBits | place;
    }

    /// What stands for all lane numbers that are too high for a key. The tree is built anew, from a
    /// higher base, before the first of those comes to the top.
    private long highest() {
        return Long.MAX_VALUE >>> placeBits;
    }
}
