package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

class TimeArgumentTest {
    private final TimeArgument argument =
            new TimeArgument(Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z",
        "2026-11-20T11:00:00+01:00, 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00.123456789, 2026-11-20T10:00:00.123456789Z",
        "2026-11-20, 2026-11-20T00:00:00Z",
        "-15m, 2026-11-20T09:45:00Z",
        "-2h, 2026-11-20T08:00:00Z",
        "-1d12h, 2026-11-18T22:00:00Z",
        "-30s, 2026-11-20T09:59:30Z"
    })
    void takesInstantsAndTimesAgo(String text, String instant) {
        assertThat(argument.convert(text)).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "-15", "15m", "-15x", "yesterday", "9999-01-01T00:00:00Z"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> argument.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("is no time: write an instant as 2026-11-20T10:00:00Z");
    }
}
