package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.delivery.DeliveryTrouble;
import dev.ringtail.sensor.delivery.DeliveryTrouble.Kind;
import dev.ringtail.sensor.delivery.SinkStatus;

import org.jspecify.annotations.Nullable;
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
    void tellsTheBeginAndTheEndOfAnOutageOnceEachAndItsReasonOnce() {
        watch.look(SinkStatus.IDLE, err);
        watch.look(status(11, waiting("a1", "for 11 s", null)), err);
        watch.look(status(12, waiting("a1", "for 12 s", "nobody is there")), err);
        after(20);
        watch.look(
                status(32, waiting("b", "since 3", null), waiting("a1", "for 32 s", "reset")), err);
        DeliveryTrouble refused =
                new DeliveryTrouble("topic a1", Kind.REFUSED, "refused", "not allowed");
        watch.look(status(32, refused), err);
        after(3);
        watch.look(SinkStatus.IDLE, err);
        watch.look(SinkStatus.IDLE, err);

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: topic a1: waits for 11 s",
                        "warning: topic a1: waits for 12 s: nobody is there",
                        "warning: topic b: waits since 3",
                        "warning: topic a1: refused: not allowed",
                        "packets are delivered again, after 34 s");
    }

    @Test
    void aBacklogThatIsNotGoneYetIsNoEnd() {
        watch.look(status(10, waiting("a", "long", null)), err);
        watch.look(status(9), err);
        watch.look(status(10, waiting("a", "long", null)), err);

        assertThat(text.toString().lines()).containsExactly("warning: topic a: waits long");
    }

    @Test
    void aSecondOutageIsToldOfAsWell() {
        for (int i = 0; i < 2; i++) {
            watch.look(status(10, waiting("a", "long", null)), err);
            watch.look(SinkStatus.IDLE, err);
        }

        assertThat(text.toString().lines()).hasSize(4);
    }

    @Test
    void aStopTellsWhatItWaitsForAlone() {
        watch.stopping(status(1), Duration.ofSeconds(12), err);
        assertThat(text.toString()).isEmpty();

        watch.stopping(status(15, waiting("a", "long", null)), Duration.ofMillis(1_900), err);
        assertThat(text.toString())
                .isEqualToNormalizingNewlines(
                        """
                        stopping; packets of up to 15 s are not delivered yet, and get up to 2 s of the time for a stop (stopTimeout)
                        """);
    }

    private void after(int seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
    }

    private static DeliveryTrouble waiting(String topic, String howLong, @Nullable String reason) {
        return new DeliveryTrouble("topic " + topic, Kind.WAITING, "waits " + howLong, reason);
    }

    private static SinkStatus status(int lagSeconds, DeliveryTrouble... troubles) {
        return new SinkStatus(Duration.ofSeconds(lagSeconds), List.of(troubles));
    }
}
