package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.delivery.SinkStatus;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

class DeliveryWatchTest {
    private long nowNs = 7;
    private final StringWriter text = new StringWriter();
    private final PrintWriter err = new PrintWriter(text);
    private final DeliveryWatch watch = new DeliveryWatch(() -> nowNs);

    @Test
    void tellsTheBeginAndTheEndOfAnOutageOnceEach() {
        watch.look(SinkStatus.IDLE, err);
        watch.look(status(11, "topic a1: no answer for 11 s"), err);
        watch.look(status(12, "topic a1: no answer for 12 s: nobody is there"), err);
        after(20);
        watch.look(status(32, "topic b: none", "topic a1: no answer for 32 s: reset"), err);
        watch.look(status(32, "topic a1: refused: not allowed"), err);
        after(3);
        watch.look(SinkStatus.IDLE, err);
        watch.look(SinkStatus.IDLE, err);

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: topic a1: no answer for 11 s",
                        "warning: topic a1: no answer for 12 s: nobody is there",
                        "warning: topic b: none",
                        "warning: topic a1: refused: not allowed",
                        "packets are delivered again, after 34 s");
    }

    @Test
    void aBacklogThatIsNotGoneYetIsNoEnd() {
        watch.look(status(10, "slow"), err);
        watch.look(status(9), err);
        watch.look(status(10, "slow"), err);

        assertThat(text.toString().lines()).containsExactly("warning: slow");
    }

    @Test
    void aSecondOutageIsToldOfAsWell() {
        for (int i = 0; i < 2; i++) {
            watch.look(status(10, "gone"), err);
            watch.look(SinkStatus.IDLE, err);
        }

        assertThat(text.toString().lines()).hasSize(4);
    }

    @Test
    void aStopTellsWhatItWaitsForAlone() {
        watch.stopping(status(1), Duration.ofSeconds(12), err);
        assertThat(text.toString()).isEmpty();

        watch.stopping(status(15, "gone"), Duration.ofMillis(1_900), err);
        assertThat(text.toString())
                .isEqualToNormalizingNewlines(
                        """
                        stopping; packets of up to 15 s are not delivered yet, and get up to 2 s of the time for a stop (stopTimeout)
                        """);
    }

    private void after(int seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
    }

    private static SinkStatus status(int lagSeconds, String... troubles) {
        return new SinkStatus(Duration.ofSeconds(lagSeconds), List.of(troubles));
    }
}
