package dev.ringtail.bench.rig;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Runs contenders in turn, repetition by repetition, each beginning one further in their order:
/// whatever else the machine does meanwhile hits all of them alike.
public final class Repetitions {
    private final int count;
    private final Progress progress;

    /// @param count repetitions, at least 1
    public Repetitions(int count, Progress progress) {
        this.count = count;
        this.progress = progress;
    }

    /// Count of repetitions.
    public int count() {
        return count;
    }

    /// Measures all contenders. One that is missing, or whose trial failed, is left out of what
    /// follows, with the reason; its samples until then stay.
    ///
    /// @param row name, for the progress
    /// @param duration of each trial
    public Trials run(String row, Duration duration, List<Contender> contenders)
            throws InterruptedException {
        Trials trials = new Trials(contenders, count);
        List<Contender> running = new ArrayList<>();
        for (Contender contender : contenders) {
            Optional<String> missing = contender.missing();
            missing.ifPresent(why -> trials.notMeasured(contender, why));
            if (missing.isEmpty()) {
                running.add(contender);
            }
        }
        for (int repetition = 0; repetition < count; repetition++) {
            Trial trial = new Trial(repetition, duration);
            List<Contender> inTurn = new ArrayList<>(running);
            Collections.rotate(inTurn, -repetition);
            for (Contender contender : inTurn) {
                progress.say(
                        "%s: %s, %d of %d".formatted(row, contender.name(), repetition + 1, count));
                try {
                    trials.add(contender, contender.measure(trial));
                } catch (BenchException e) {
                    progress.say("%s: %s: %s".formatted(row, contender.name(), e.getMessage()));
                    trials.notMeasured(contender, String.valueOf(e.getMessage()));
                    running.remove(contender);
                }
            }
        }
        return trials;
    }
}
