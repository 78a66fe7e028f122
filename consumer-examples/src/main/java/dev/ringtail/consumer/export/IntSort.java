package dev.ringtail.consumer.export;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// Sorts numbers by a comparator without an object for each.
final class IntSort {
    /// Says which of two numbers comes first.
    @FunctionalInterface
    interface Order {
        /// Less than 0 if `a` comes before `b`, greater than 0 if after.
        int compare(int a, int b);
    }

    private IntSort() {}

    /// The numbers from 0 to `count − 1` that are to be taken, in order; equal ones stay as they
    /// are.
    static int[] sorted(int count, IntPredicate taken, Order order) {
        int[] from = new int[count];
        int length = 0;
        for (int i = 0; i < count; i++) {
            if (taken.test(i)) {
                from[length++] = i;
            }
        }
        int[] to = new int[length];
        for (long run = 1; run < length; run *= 2) {
            for (long start = 0; start < length; start += 2 * run) {
                int middle = (int) Math.min(start + run, length);
                int end = (int) Math.min(start + 2 * run, length);
                merge(from, (int) start, middle, end, to, order);
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return length == from.length ? from : Arrays.copyOf(from, length);
    }

    private static void merge(int[] from, int start, int middle, int end, int[] to, Order order) {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
            boolean takeLeft =
                    left < middle && (right >= end || order.compare(from[left], from[right]) <= 0);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
