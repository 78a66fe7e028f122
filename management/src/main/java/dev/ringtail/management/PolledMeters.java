package dev.ringtail.management;

import dev.ringtail.management.Samples.Series;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Meters over values that are read when somebody asks, all at one moment: whoever counts is not
/// disturbed, and what is shown together belongs together. A series is there as long as it has a
/// value.
///
/// Callers take turns.
final class PolledMeters {
    private final MeterRegistry registry;
    private final Map<Series, Meter> meters = new HashMap<>();
    private Map<Series, Double> values = Map.of();

    PolledMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Takes over new values, those of all series.
    void show(Samples samples) {
        values = samples.values();
        meters.entrySet()
                .removeIf(
                        known -> {
                            boolean gone = !values.containsKey(known.getKey());
                            if (gone) {
                                registry.remove(known.getValue());
                            }
                            return gone;
                        });
        values.keySet().forEach(series -> meters.computeIfAbsent(series, this::register));
    }

    private Meter register(Series series) {
        Metric metric = series.metric();
        List<Tag> tags =
                IntStream.range(0, series.labelValues().size())
                        .mapToObj(
                                i ->
                                        Tag.of(
                                                metric.labels().get(i).exposedName(),
                                                series.labelValues().get(i)))
                        .toList();
        return switch (metric.kind()) {
            case COUNTER ->
                    FunctionCounter.builder(metric.meterName(), this, m -> m.value(series))
                            .description(metric.description())
                            .tags(tags)
                            .register(registry);
            case GAUGE, INFO ->
                    Gauge.builder(metric.meterName(), this, m -> m.value(series))
                            .description(metric.description())
                            .tags(tags)
                            .register(registry);
        };
    }

    private double value(Series series) {
        return values.getOrDefault(series, 0.0);
    }
}
