package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class StopTimesTest {
    @Test
    void leavesEightSecondsForReportAndClosing() {
        assertThat(StopTimes.of(Duration.ofSeconds(20)))
                .isEqualTo(
                        new StopTimes(
                                Duration.ofSeconds(9),
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(5)));
    }

    @Test
    void aShortTimeIsSharedOutTheSame() {
        assertThat(StopTimes.of(Duration.ofSeconds(1)))
                .isEqualTo(
                        new StopTimes(
                                Duration.ofMillis(450),
                                Duration.ofMillis(600),
                                Duration.ofMillis(250)));
    }
}
