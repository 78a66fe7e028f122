package dev.ringtail.consumer.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A set of packet numbers, kept as runs: numbers come nearly in order, so there are few.
final class NumberSet {
    /// Consecutive numbers.
    ///
    /// @param first lowest number
    /// @param end number after the highest
    record Run(long first, long end) {
        long count() {
            return end - first;
        }

        @Override
        public String toString() {
            return count() == 1 ? "" + first : first + "-" + (end - 1);
        }
    }

    /// First number to end, of runs that neither touch nor overlap.
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    private long count;

    /// Adds the numbers from `first` up to, without, `end`.
    ///
    /// @return how many of them were there already
    long add(long first, long end) {
        if (first >= end) {
            return 0;
        }
        long mergedFirst = first;
        long mergedEnd = end;
        long present = 0;
        Map.Entry<Long, Long> run = runs.floorEntry(end);
        while (run != null && run.getValue() >= first) {
            long overlap = Math.min(end, run.getValue()) - Math.max(first, run.getKey());
            present += Math.max(overlap, 0);
            mergedFirst = Math.min(mergedFirst, run.getKey());
            mergedEnd = Math.max(mergedEnd, run.getValue());
            runs.remove(run.getKey());
            run = runs.floorEntry(end);
        }
        runs.put(mergedFirst, mergedEnd);
        count += end - first - present;
        return present;
    }

    /// Count of numbers in the set.
    long count() {
        return count;
    }

    /// The lowest number, or `otherwise` if there is none.
    long lowest(long otherwise) {
        return runs.isEmpty() ? otherwise : runs.firstKey();
    }

    /// Numbers from `first` up to, without, `end` that are not in the set.
    List<Run> missing(long first, long end) {
        List<Run> missing = new ArrayList<>();
        long next = first;
        for (Map.Entry<Long, Long> run : runs.entrySet()) {
            long gapEnd = Math.min(run.getKey(), end);
            if (gapEnd > next) {
                missing.add(new Run(next, gapEnd));
            }
            next = Math.max(next, run.getValue());
        }
        if (next < end) {
            missing.add(new Run(next, end));
        }
        return missing;
    }
}
