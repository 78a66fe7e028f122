package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.delivery.DeliveryTrouble;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class AnswerWatchTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00.5Z");

    private Instant now = START;

    /// Any value may come of [System#nanoTime], and the next ones may be beyond the largest.
    private long nowNs = Long.MAX_VALUE;

    private final AnswerWatch watch = new AnswerWatch("capture.reports", () -> now, () -> nowNs);

    private void pass(Duration time) {
        now = now.plus(time);
        nowNs += time.toNanos();
    }

    @Test
    void aShortSilenceIsNoTrouble() {
        watch.failed(new TimeoutException("no leader"));
        pass(AnswerWatch.PATIENCE.minusMillis(1));

        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void tellsSinceWhenAndWhy() {
        pass(AnswerWatch.PATIENCE);
        assertThat(watch.trouble().map(DeliveryTrouble::inWords))
                .hasValue(
                        "topic capture.reports: Kafka has acknowledged nothing since"
                                + " 2026-11-20T10:00:00Z");

        watch.failed(new TimeoutException("not in metadata after 5000 ms."));
        assertThat(watch.trouble().orElseThrow().inWords())
                .endsWith("Z: not in metadata after 5000 ms.");
    }

    @Test
    void anAcknowledgementEndsIt() {
        pass(Duration.ofSeconds(60));
        watch.failed(new TimeoutException("away"));
        watch.acknowledged();
        assertThat(watch.trouble()).isEmpty();

        pass(AnswerWatch.PATIENCE);
        assertThat(watch.trouble().orElseThrow().inWords()).endsWith("since 2026-11-20T10:01:00Z");
    }

    @Test
    void aClockThatIsSetNeitherMakesTroubleNorHidesIt() {
        now = START.plus(Duration.ofDays(1));
        assertThat(watch.trouble()).isEmpty();

        now = START.minus(Duration.ofDays(1));
        nowNs += AnswerWatch.PATIENCE.toNanos();
        assertThat(watch.trouble().orElseThrow().inWords()).endsWith("since 2026-11-20T10:00:00Z");
    }
}
