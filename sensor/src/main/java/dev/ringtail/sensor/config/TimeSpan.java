package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import dev.ringtail.cli.TimeText;

import java.time.Duration;

/// A span of time of the configuration, written with its unit (see [TimeText]).
///
/// @param duration the span, not negative
public record TimeSpan(Duration duration) {
    /// A value of a configuration file, which YAML takes for a number where the unit is missing.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TimeSpan of(Object value) {
        return parse(String.valueOf(value));
    }

    /// @throws IllegalArgumentException as [TimeText#parse]
    public static TimeSpan parse(String text) {
        return new TimeSpan(TimeText.parse(text));
    }

    /// A span of milliseconds.
    public static TimeSpan ofMillis(long millis) {
        return new TimeSpan(Duration.ofMillis(millis));
    }

    /// The span in whole milliseconds.
    public int millis() {
        return Math.toIntExact(duration.toMillis());
    }

    @Override
    public String toString() {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : millis() + "ms";
    }
}
