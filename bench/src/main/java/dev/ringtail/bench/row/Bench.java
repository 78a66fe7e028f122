package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Progress;
import dev.ringtail.bench.rig.Repetitions;

import java.nio.file.Path;
import java.time.Duration;

/// The run that a row is measured in.
///
/// @param repetitions how often, in turn
/// @param quick whether it is for function alone: trials of [#QUICK_TRIAL] at most
/// @param workFolder on disk, the run's own, removed at its end
/// @param progress where to tell how far it is
public record Bench(Repetitions repetitions, boolean quick, Path workFolder, Progress progress) {
    /// How long a trial takes at most where function alone matters.
    public static final Duration QUICK_TRIAL = Duration.ofSeconds(1);

    /// How long a trial takes that should take so many seconds.
    public Duration trialOf(int seconds) {
        return quick ? QUICK_TRIAL : Duration.ofSeconds(seconds);
    }
}
