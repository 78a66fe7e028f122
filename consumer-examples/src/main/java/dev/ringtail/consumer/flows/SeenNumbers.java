package dev.ringtail.consumer.flows;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Which packet numbers of one stream (session, lane, partition) were seen, as ranges; a stream
/// without gaps is one range. This is what makes reading exactly once: a number counts once,
/// however often and in whatever order batches repeat it.
///
/// At most [#MAX_RANGES] ranges are kept, to bound the record: beyond that the lowest gap counts as
/// seen, so that packets which fill it later are left out rather than counted twice. Mutable; one
/// thread.
final class SeenNumbers {
    /// 16 KiB as bytes. A stream gets a second range only by a batch that was lost or is late.
    static final int MAX_RANGES = 1024;

    private static final int RANGE_BYTES = 2 * Long.BYTES;

    /// Ascending, disjoint and not adjacent; both ends belong to the range.
    private long[] first = new long[1];

    private long[] last = new long[1];
    private int count;

    /// Whether a packet number was seen.
    boolean contains(long number) {
        if (count == 0 || number > last[count - 1]) {
            return false;
        }
        int range = Arrays.binarySearch(first, 0, count, number);
        return range >= 0 || (range < -1 && number <= last[-range - 2]);
    }

    /// Notes the numbers from `from` to `to`, both included, as seen; any of them may have been
    /// before.
    void add(long from, long to) {
        if (from > to) {
            throw new IllegalArgumentException("range from " + from + " to " + to);
        }
        int begin = 0;
        while (begin < count && last[begin] < from - 1) {
            begin++;
        }
        int end = begin;
        long low = from;
        long high = to;
        while (end < count && first[end] <= to + 1) {
            low = Math.min(low, first[end]);
            high = Math.max(high, last[end]);
            end++;
        }
        replace(begin, end, low, high);
        if (count > MAX_RANGES) {
            replace(0, 2, first[0], last[1]);
        }
    }

    /// Puts one range in the place of those from index `begin` to before `end`.
    private void replace(int begin, int end, long low, long high) {
        int newCount = count - (end - begin) + 1;
        if (newCount > first.length) {
            first = Arrays.copyOf(first, 2 * newCount);
            last = Arrays.copyOf(last, 2 * newCount);
        }
        System.arraycopy(first, end, first, begin + 1, count - end);
        System.arraycopy(last, end, last, begin + 1, count - end);
        first[begin] = low;
        last[begin] = high;
        count = newCount;
    }

    /// Ranges kept.
    int rangeCount() {
        return count;
    }

    /// Appends the ranges, big-endian, first and last of each.
    void write(ByteBuffer out) {
        for (int i = 0; i < count; i++) {
            out.putLong(first[i]).putLong(last[i]);
        }
    }

    /// Bytes that [#write] appends.
    int byteCount() {
        return count * RANGE_BYTES;
    }

    /// Reads ranges up to the end of the buffer.
    ///
    /// @throws IllegalStateException if the bytes are not whole ranges
    static SeenNumbers read(ByteBuffer in) {
        if (in.remaining() % RANGE_BYTES != 0) {
            throw new IllegalStateException(
                    "stored ranges of packet numbers take " + in.remaining() + " bytes");
        }
        SeenNumbers seen = new SeenNumbers();
        int ranges = in.remaining() / RANGE_BYTES;
        seen.first = new long[Math.max(1, ranges)];
        seen.last = new long[Math.max(1, ranges)];
        for (int i = 0; i < ranges; i++) {
            seen.first[i] = in.getLong();
            seen.last[i] = in.getLong();
        }
        seen.count = ranges;
        return seen;
    }
}
