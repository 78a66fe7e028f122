package dev.ringtail.management;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The values of metrics at one moment.
public final class Samples {
    private final Map<Series, Double> values = new HashMap<>();

    /// One time series.
    ///
    /// @param labelValues values of the metric's labels, in their order
    record Series(Metric metric, List<String> labelValues) {}

    /// Adds a value; what is said of the same series twice is added up.
    ///
    /// @param value in the unit that the metric's name has
    /// @param labelValues values of the metric's labels, in their order
    /// @throws IllegalArgumentException if these are not as many as the metric has labels
    public void add(Metric metric, double value, Object... labelValues) {
        if (labelValues.length != metric.labels().size()) {
            throw new IllegalArgumentException(
                    "%s has the labels %s".formatted(metric.exposedName(), metric.labels()));
        }
        List<String> labels = List.of(labelValues).stream().map(String::valueOf).toList();
        values.merge(new Series(metric, labels), value, Double::sum);
    }

    /// Adds a count, exact up to 2^53.
    public void add(Metric metric, long count, Object... labelValues) {
        add(metric, (double) count, labelValues);
    }

    Map<Series, Double> values() {
        return Map.copyOf(values);
    }
}
