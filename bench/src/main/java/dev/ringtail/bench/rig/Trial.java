package dev.ringtail.bench.rig;

import java.time.Duration;

/// One measurement that a contender is asked for.
///
/// @param repetition counted from 0
/// @param duration how long load is to be given, or work to be done where a contender needs a time
public record Trial(int repetition, Duration duration) {
    /// The duration in seconds, at least 1, for programs that take whole ones.
    public long seconds() {
        return Math.max(1, duration.toSeconds());
    }
}
