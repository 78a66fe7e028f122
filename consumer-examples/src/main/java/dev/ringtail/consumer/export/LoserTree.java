package dev.ringtail.consumer.export;

import java.util.Arrays;

/// Cursors to be merged, the one whose present packet has the lowest number on top; where two have
/// the same number, the one that is the lower by itself: a tree of losers (Knuth, The Art of
/// Computer Programming 3, 5.4.1).
///
/// A processor can't foresee which of two cursors comes first. Hence a key is one number, the
/// packet's above the cursor's place, and a match is a minimum and a maximum, without a branch. The
/// tree is built anew where a cursor comes or goes, or has a number that the keys can't tell.
///
/// @param <T> a cursor; its number may change while it is here, but not whether it is the lower of
///   two by itself
abstract class LoserTree<T> {
    private static final int INITIAL_CAPACITY = 16;

    /// Those that are here, the lowest by itself first, so that a place decides between equal
    /// numbers.
    private T[] cursors;

    private int size;

    /// At 0 the key of the winner, from 1 on that of each match's loser: the match at `n` is
    /// between the winners of those at `2n` and `2n + 1`, or between places where these are not
    /// there. As many as there are places, a power of two.
    private long[] keys = new long[1];

    /// While the tree is built the winner of each match, and behind these the keys of all places.
    private long[] winners = new long[2];

    /// Number that keys count from: the lowest when the tree was built.
    private long base;

    /// Bits of a key that tell the place; those above tell the number.
    private int placeBits;

    /// Whether the keys are not those of the cursors.
    private boolean stale;

    /// @param none an array without cursors
    LoserTree(T[] none) {
        cursors = Arrays.copyOf(none, INITIAL_CAPACITY);
    }

    /// Number of a cursor's present packet.
    abstract long number(T cursor);

    /// Whether the first of two different cursors is the lower by itself.
    abstract boolean isLower(T one, T other);

    /// Whether there are none.
    final boolean isEmpty() {
        return size == 0;
    }

    /// Whether there is one alone, which then is the top whatever its number.
    final boolean isSingle() {
        return size == 1;
    }

    /// The top; there must be one.
    final T top() {
        if (stale) {
            build();
        }
        return cursors[topPlace()];
    }

    private int topPlace() {
        return (int) keys[0] & keys.length - 1;
    }

    /// Adds a cursor at its present packet, or takes up that one that is here has another number.
    @SuppressWarnings("ReferenceEquality") // Another that is neither lower nor higher is a fault.
    final void put(T cursor) {
        stale = true;
        int place = placeBehind(cursor);
        if (place > 0 && !isLower(cursors[place - 1], cursor)) {
            if (cursors[place - 1] != cursor) {
                throw new IllegalArgumentException("two cursors of the same order");
            }
            return;
        }
        if (size == cursors.length) {
            cursors = Arrays.copyOf(cursors, 2 * size);
        }
        System.arraycopy(cursors, place, cursors, place + 1, size - place);
        cursors[place] = cursor;
        size++;
    }

    /// How many are lower by themselves, the cursor counted if it is here.
    private int placeBehind(T cursor) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (isLower(cursor, cursors[middle])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Takes up that the top, which was asked for since the last change, has another number.
    final void topMoved() {
        assert !stale;
        int place = topPlace();
        long number = number(cursors[place]);
        if (number < base) {
            stale = true;
            return;
        }
        long winner = key(number, place);
        for (int match = place + keys.length >>> 1; match > 0; match >>>= 1) {
            long other = keys[match];
            keys[match] = Math.max(winner, other);
            winner = Math.min(winner, other);
        }
        keys[0] = winner;
        stale = winner >>> placeBits == highest();
    }

    /// Takes the top out, which was asked for since the last change.
    @SuppressWarnings("NullAway") // Places behind the last cursor are empty.
    final void removeTop() {
        assert !stale;
        int place = topPlace();
        System.arraycopy(cursors, place + 1, cursors, place, --size - place);
        cursors[size] = null;
        stale = true;
    }

    private void build() {
        placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
        int places = 1 << placeBits;
        if (places != keys.length) {
            keys = new long[places];
            winners = new long[2 * places];
        }
        base = Long.MAX_VALUE;
        for (int place = 0; place < size; place++) {
            base = Math.min(base, number(cursors[place]));
        }
        for (int place = 0; place < places; place++) {
            winners[places + place] =
                    place < size ? key(number(cursors[place]), place) : Long.MAX_VALUE;
        }
        for (int match = places - 1; match > 0; match--) {
            long one = winners[2 * match];
            long other = winners[2 * match + 1];
            keys[match] = Math.max(one, other);
            winners[match] = Math.min(one, other);
        }
        keys[0] = winners[1];
        stale = false;
    }

    /// A number, as far as a key can tell it, above its place.
    private long key(long number, int place) {
        long above = number - base;
        // What is less than nothing is more than a long can tell.
        return (above < 0 ? highest() : Math.min(above, highest())) << placeBits | place;
    }

    /// What stands for all numbers that are too high for a key. The tree is built anew, from a
    /// higher base, before the first of those comes to the top.
    private long highest() {
        return Long.MAX_VALUE >>> placeBits;
    }
}
