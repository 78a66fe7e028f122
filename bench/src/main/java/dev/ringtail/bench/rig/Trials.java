package dev.ringtail.bench.rig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the contenders of a row gave in all repetitions.
public final class Trials {
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<String, String> notMeasured = new LinkedHashMap<>();
    private final int repetitions;

    /// @param contenders in the order of the table
    /// @param repetitions how often each is to be measured
    Trials(List<Contender> contenders, int repetitions) {
        this.repetitions = repetitions;
        contenders.forEach(contender -> samples.put(contender.name(), new ArrayList<>()));
    }

    void add(Contender contender, Sample sample) {
        samplesOf(contender.name()).add(sample);
    }

    void notMeasured(Contender contender, String why) {
        notMeasured.put(contender.name(), why);
    }

    /// How often each contender was to be measured; one that failed has fewer samples.
    public int repetitions() {
        return repetitions;
    }

    /// Names of the contenders, in the order of the table.
    public List<String> contenders() {
        return List.copyOf(samples.keySet());
    }

    /// A contender's samples, by repetition; empty where it was not measured.
    public List<Sample> samples(String contender) {
        return List.copyOf(samplesOf(contender));
    }

    /// Why a contender was not measured, or not as often as it was to be; empty where it was.
    public Optional<String> whyNotMeasured(String contender) {
        return Optional.ofNullable(notMeasured.get(contender));
    }

    /// A figure of a contender over all repetitions; empty where it was not measured.
    public Optional<Spread> spread(String contender, Metric metric) {
        List<Double> values = values(contender, metric);
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /// Ratio of a figure of two contenders, repetition by repetition, since those of one repetition
    /// ran next to each other in time; empty where one of them was not measured.
    public Optional<Spread> ratio(String contender, String peer, Metric metric) {
        List<Double> ours = values(contender, metric);
        List<Double> theirs = values(peer, metric);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            if (theirs.get(i) > 0) {
                ratios.add(ours.get(i) / theirs.get(i));
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    private List<Double> values(String contender, Metric metric) {
        List<Double> values = new ArrayList<>();
        for (Sample sample : samplesOf(contender)) {
            Double value = sample.figures().get(metric);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private List<Sample> samplesOf(String contender) {
        List<Sample> found = samples.get(contender);
        if (found == null) {
            throw new IllegalArgumentException("No contender " + contender);
        }
        return found;
    }
}
