package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

class EchoWatchTest {
    private static final long LATER_NS = Duration.ofSeconds(1).toNanos();
    private static final String SESSION = "00220db4-b093-4f7b-94d6-c3cedb8fe3c3";
    private static final String HEAD = "\u00c3\u0001version!\u0006labH" + SESSION;

    private final EchoWatch echoes = new EchoWatch(SESSION);
    private long nowNs = System.nanoTime();

    @Test
    void hearsABatchOfTheSessionInsideAPacket() {
        inspect(HEAD + " eth0 " + noise() + "produce" + HEAD + " eth0 ");

        assertThat(echoes.heard()).isTrue();
    }

    @Test
    void takesNothingElseForAnEcho() {
        inspect(HEAD + " eth0 " + noise());
        inspect(HEAD + " eth0 a log that names session " + SESSION);
        inspect(HEAD + " eth0 " + HEAD.replace('0', '1') + noise());
        inspect(HEAD + " eth0 " + HEAD.substring(0, HEAD.length() - 1));
        inspect(HEAD);

        assertThat(echoes.heard()).isFalse();
    }

    @Test
    void looksAtOneBatchInAWhile() {
        inspect(HEAD);
        echoes.inspect(bytes(HEAD + HEAD), nowNs + 1);
        assertThat(echoes.heard()).isFalse();

        inspect(HEAD + HEAD);
        assertThat(echoes.heard()).isTrue();
    }

    private void inspect(String batch) {
        nowNs += LATER_NS;
        echoes.inspect(bytes(batch), nowNs);
    }

    private static String noise() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        return new String(noise, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
