package dev.ringtail.bench.rig;

import java.util.Map;

/// What one trial of one contender gave.
///
/// @param figures by metric; each finite
/// @param cores processors that were busy, by who kept them so (`injector`, `sensor`, `broker`,
///   `softirq`), 1.0 for a whole one; empty where it was not measured
/// @param limitedBy what the rate was bounded by, for instance `injector`
public record Sample(Map<Metric, Double> figures, Map<String, Double> cores, String limitedBy) {
    /// @throws IllegalArgumentException if a figure is not finite
    public Sample {
        figures.forEach(
                (metric, value) -> {
                    if (!Double.isFinite(value)) {
                        throw new IllegalArgumentException(metric.key() + " is " + value);
                    }
                });
        figures = Map.copyOf(figures);
        cores = Map.copyOf(cores);
    }
}
