package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.time.Instant;

class AnswerWatchTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00.5Z");

    private Instant now = START;
    private final AnswerWatch watch = new AnswerWatch("capture.reports", () -> now);

    @Test
    void aShortSilenceIsNoTrouble() {
        watch.failed(new TimeoutException("no leader"));
        now = START.plus(AnswerWatch.PATIENCE).minusMillis(1);

        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void tellsSinceWhenAndWhy() {
        now = START.plus(AnswerWatch.PATIENCE);
        assertThat(watch.trouble())
                .hasValue(
                        "topic capture.reports: Kafka has acknowledged nothing since"
                                + " 2026-11-20T10:00:00Z");

        watch.failed(new TimeoutException("not in metadata after 5000 ms."));
        assertThat(watch.trouble().orElseThrow()).endsWith("Z: not in metadata after 5000 ms.");
    }

    @Test
    void anAcknowledgementEndsIt() {
        now = START.plusSeconds(60);
        watch.failed(new TimeoutException("away"));
        watch.acknowledged();
        assertThat(watch.trouble()).isEmpty();

        now = now.plus(AnswerWatch.PATIENCE);
        assertThat(watch.trouble().orElseThrow()).endsWith("since 2026-11-20T10:01:00Z");
    }
}
