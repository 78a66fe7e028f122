package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;

class DropWatchTest {
    private long nowNs = 7;
    private final StringWriter text = new StringWriter();
    private final PrintWriter err = new PrintWriter(text);
    private final DropWatch watch = new DropWatch(() -> nowNs);

    @Test
    void saysNothingWhileNothingIsDropped() {
        lookAfter(0, 0);
        lookAfter(100, 0);

        assertThat(text.toString()).isEmpty();
    }

    @Test
    void tellsTheBeginAndTheEndOnceEach() {
        lookAfter(0, 1_500);
        lookAfter(3, 1_500);
        lookAfter(1, 4_000);
        lookAfter(4, 4_000);
        lookAfter(1, 4_000);
        lookAfter(1, 4_000);

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: the kernel drops packets, as the ring is full",
                        "the kernel drops no more packets; it has dropped 4,000 in 4 s");
    }

    @Test
    void tellsOnceAMinuteThatItGoesOn() {
        for (int second = 1; second <= 121; second++) {
            lookAfter(1, second);
        }

        assertThat(text.toString().lines())
                .containsExactly(
                        "warning: the kernel drops packets, as the ring is full",
                        "warning: the kernel goes on dropping packets: 61 in 60 s",
                        "warning: the kernel goes on dropping packets: 121 in 120 s");
    }

    @Test
    void countsEachTimeAnew() {
        lookAfter(0, 10);
        lookAfter(5, 10);
        lookAfter(0, 12);
        lookAfter(5, 12);

        assertThat(text.toString().lines())
                .element(3)
                .isEqualTo("the kernel drops no more packets; it has dropped 2 in 1 s");
    }

    private void lookAfter(int seconds, long drops) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
        watch.look(drops, err);
    }
}
