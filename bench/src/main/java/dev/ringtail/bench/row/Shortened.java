package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.time.Duration;
import java.util.Optional;

/// A contender that is steady from its first second on, and whose trials are shorter than those of
/// the others in its row.
///
/// @param limit of its trials
record Shortened(Contender contender, Duration limit) implements Contender {
    @Override
    public String name() {
        return contender.name();
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        return contender.missing();
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        Duration duration = trial.duration().compareTo(limit) < 0 ? trial.duration() : limit;
        return contender.measure(new Trial(trial.repetition(), duration));
    }
}
