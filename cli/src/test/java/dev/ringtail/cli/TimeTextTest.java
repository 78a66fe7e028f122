package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource({"50ms,PT0.05S", "20s,PT20S", "5m,PT5M", "168h,PT168H", "' 1s ',PT1S"})
    void readsEachUnit(String text, Duration duration) {
        assertThat(TimeText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "1.5s", "-1s", "1d", "1 h", "1234567890s"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> TimeText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a time");
    }
}
