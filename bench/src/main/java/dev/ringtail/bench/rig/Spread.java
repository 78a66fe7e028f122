package dev.ringtail.bench.rig;

import java.util.Arrays;
import java.util.Collection;

/// The median of repeated measurements, and their range.
///
/// @param median middle one, or the mean of the two in the middle
/// @param min smallest
/// @param max largest
/// @param count how many measurements
public record Spread(double median, double min, double max, int count) {
    /// The spread of at least one value.
    public static Spread of(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("No values, so no median");
        }
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1
                        ? sorted[middle]
                        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }
}
