package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.Comparator;
import java.util.List;

/// Which figures a contender has.
final class Figures {
    private Figures() {}

    /// Metrics of any of its samples, by name.
    static List<Metric> metrics(Trials trials, String contender) {
        return trials.samples(contender).stream()
                .flatMap(sample -> sample.figures().keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(Metric::key))
                .toList();
    }
}
