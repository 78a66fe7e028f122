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
        watch.look(status(11, waiting("a1", 11, null)), err);
        after(1);
        watch.look(status(12, waiting("a1", 12, "nobody is there")), err);
        after(20);
        watch.look(status(32, waiting("b", 10, null), waiting("a1", 32, "reset")), err);
        DeliveryTrouble refused =
                new DeliveryTrouble(
                        "topic a1", Kind.REFUSED, "refused", "not allowed", Duration.ZERO);
        watch.look(status(32, waiting("b", 10, null), refused), err);
        after(3);
        watch.look(SinkStatus.IDLE, err);
        watch.look(SinkStatus.IDLE, err);

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: topic a1: waits for 11 s",
                        "warning: topic a1: waits for 12 s: nobody is there",
                        "warning: topic b: waits for 10 s",
                        "warning: topic a1: refused: not allowed",
                        "topic a1: delivered again, after 35 s",
                        "topic b: delivered again, after 13 s");
    }

    @Test
    void aTroubleThatLastsHidesNoneElsewhere() {
        DeliveryTrouble lasting = waiting("reports", 11, null);
        for (int i = 0; i < 2; i++) {
            watch.look(status(10, lasting, waiting("packets", 10, null)), err);
            watch.look(status(0, lasting), err);
        }

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: topic reports: waits for 11 s",
                        "warning: topic packets: waits for 10 s",
                        "topic packets: delivered again, after 10 s",
                        "warning: topic packets: waits for 10 s",
                        "topic packets: delivered again, after 10 s");
    }

    @Test
    void whereBatchesAreNeverYoungAnOutageEndsAllTheSame() {
        watch.look(status(10, waiting("a", 10, null)), err);
        after(29);
        watch.look(status(5), err);
        assertThat(text.toString().lines()).hasSize(1);

        after(1);
        watch.look(status(5), err);

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: topic a: waits for 10 s", "topic a: delivered again, after 40 s");
    }

    @Test
    void aBacklogThatIsNotGoneYetIsNoEnd() {
        watch.look(status(10, waiting("a", 10, null)), err);
        watch.look(status(9), err);
        watch.look(status(10, waiting("a", 10, null)), err);

        assertThat(text.toString().lines()).containsExactly("warning: topic a: waits for 10 s");
    }

    @Test
    void aSecondOutageIsToldOfAsWell() {
        for (int i = 0; i < 2; i++) {
            watch.look(status(10, waiting("a", 10, null)), err);
            watch.look(SinkStatus.IDLE, err);
        }

        assertThat(text.toString().lines()).hasSize(4);
    }

    @Test
    void aStopTellsWhatItWaitsForAlone() {
        watch.stopping(status(1, waiting("reports", 10, null)), Duration.ofSeconds(12), err);
        assertThat(text.toString()).isEmpty();

        watch.stopping(status(15, waiting("a", 10, null)), Duration.ofMillis(1_900), err);
        assertThat(text.toString())
                .isEqualToNormalizingNewlines(
                        """
                        stopping; packets of up to 15 s are not delivered yet, and get up to 2 s of the time for a stop (stopTimeout)
                        """);
    }

    private void after(int seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
    }

    private static DeliveryTrouble waiting(String topic, int seconds, @Nullable String reason) {
        return new DeliveryTrouble(
                "topic " + topic,
                Kind.WAITING,
                "waits for " + seconds + " s",
                reason,
                Duration.ofSeconds(seconds));
    }

    private static SinkStatus status(int lagSeconds, DeliveryTrouble... troubles) {
        return new SinkStatus(Duration.ofSeconds(lagSeconds), List.of(troubles));
    }
}
