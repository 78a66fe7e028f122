package dev.ringtail.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;

class TroubleLinesTest {
    private long nowNs = 7;
    private final StringWriter text = new StringWriter();
    private final TroubleLines lines =
            new TroubleLines("the export", new PrintWriter(text), () -> nowNs);

    @Test
    void tellsOnceOfWhatLastsAndOfItsEnd() {
        lookAfter(0, "Kafka is away");
        lookAfter(19, "Kafka is away");
        assertThat(text.toString()).isEmpty();

        lookAfter(1, "Kafka is away");
        lookAfter(60, "Kafka is away");
        lookAfter(1);
        lookAfter(1);

        assertThat(text.toString().lines())
                .containsExactly("warning: Kafka is away", "the export goes on");
    }

    @Test
    void saysNothingOfWhatIsOverSoon() {
        lookAfter(0, "Kafka Streams is rebalancing");
        lookAfter(19);
        lookAfter(5, "Kafka Streams is rebalancing");
        lookAfter(19, "Kafka Streams is rebalancing");
        lookAfter(0);

        assertThat(text.toString()).isEmpty();
    }

    private void lookAfter(int seconds, String... troubles) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
        lines.look(List.of(troubles));
    }
}
