package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A span of time, written with its unit: `50ms`, `20s`, `5m`, `1h`.
///
/// @param duration the span, not negative
public record TimeSpan(Duration duration) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    /// A value of a configuration file, which YAML takes for a number where the unit is missing.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TimeSpan of(Object value) {
        return parse(String.valueOf(value));
    }

    /// @throws IllegalArgumentException for anything but a whole number with one of the units
    public static TimeSpan parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time; write a whole number with ms, s, m or h");
        }
        long count = Long.parseLong(matcher.group(1));
        return new TimeSpan(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofMillis(count);
                });
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
