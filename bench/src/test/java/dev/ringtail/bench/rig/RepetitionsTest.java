package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RepetitionsTest {
    private static final Metric RATE = Metric.PACKETS_PER_SECOND;

    private final List<String> order = new ArrayList<>();
    private final Repetitions repetitions =
            new Repetitions(3, new Progress(new PrintWriter(Writer.nullWriter())));

    @Test
    void eachRepetitionBeginsOneFurther() throws Exception {
        run(contender("a", 1), contender("b", 2), contender("c", 3));

        assertThat(order).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
    }

    @Test
    void ratiosAreOfTheSameRepetition() throws Exception {
        // 10/1, 20/4, 30/2: the median of ratios is not the ratio of medians, which is 20/2.
        Trials trials = run(contender("a", 10, 20, 30), contender("b", 1, 4, 2));

        assertThat(trials.ratio("a", "b", RATE)).contains(new Spread(10, 5, 15, 3));
        assertThat(trials.spread("a", RATE)).contains(new Spread(20, 10, 30, 3));
    }

    @Test
    void aContenderThatFailsIsLeftOutWithTheReason() throws Exception {
        Contender failing =
                new Fake("failing", List.of(), Optional.empty()) {
                    @Override
                    public Sample measure(Trial trial) {
                        order.add(name());
                        throw new BenchException("it broke");
                    }
                };

        Trials trials = run(failing, contender("b", 2, 2, 2));

        assertThat(order).containsOnlyOnce("failing");
        assertThat(trials.whyNotMeasured("failing")).contains("it broke");
        assertThat(trials.ratio("failing", "b", RATE)).isEmpty();
        assertThat(trials.samples("b")).hasSize(3);
    }

    @Test
    void samplesOfAContenderThatFailsLaterStayAndAreCounted() throws Exception {
        Contender failing =
                new Fake("failing", List.of(4.0), Optional.empty()) {
                    @Override
                    public Sample measure(Trial trial) {
                        if (trial.repetition() == 1) {
                            throw new BenchException("it broke");
                        }
                        return super.measure(trial);
                    }
                };

        Trials trials = run(failing, contender("b", 2, 2, 2));

        assertThat(trials.repetitions()).isEqualTo(3);
        assertThat(trials.ratio("failing", "b", RATE)).contains(new Spread(2, 2, 2, 1));
        assertThat(trials.whyNotMeasured("failing")).contains("it broke");
    }

    @Test
    void aContenderThatIsMissingIsNotRun() throws Exception {
        Trials trials = run(new Fake("missing", List.of(), Optional.of("no gcc")));

        assertThat(order).isEmpty();
        assertThat(trials.whyNotMeasured("missing")).contains("no gcc");
    }

    private Trials run(Contender... contenders) throws InterruptedException {
        return repetitions.run("row", Duration.ofSeconds(1), List.of(contenders));
    }

    private Contender contender(String name, double... rates) {
        List<Double> values = new ArrayList<>();
        for (double rate : rates) {
            values.add(rate);
        }
        return new Fake(name, values, Optional.empty());
    }

    private class Fake implements Contender {
        private final String name;
        private final List<Double> rates;
        private final Optional<String> missing;

        Fake(String name, List<Double> rates, Optional<String> missing) {
            this.name = name;
            this.rates = rates;
            this.missing = missing;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optional<String> missing() {
            return missing;
        }

        @Override
        public Sample measure(Trial trial) {
            order.add(name);
            double rate = rates.get(Math.min(trial.repetition(), rates.size() - 1));
            return new Sample(Map.of(RATE, rate), Map.of(), "injector");
        }
    }
}
