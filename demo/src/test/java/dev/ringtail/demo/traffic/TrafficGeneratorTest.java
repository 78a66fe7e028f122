package dev.ringtail.demo.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class TrafficGeneratorTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void runsEveryKindOfTrafficWithoutAFaultAndStopsAtClose() throws Exception {
        TrafficGenerator traffic = TrafficGenerator.start();
        try (traffic) {
            assertThat(traffic.notes()).anyMatch(n -> n.startsWith("HTTP to"));
            assertThat(traffic.notes()).anyMatch(n -> n.startsWith("bulk TCP to"));
            assertThat(traffic.notes()).anyMatch(n -> n.startsWith("DNS to"));
            // Long enough for each client to have come round at least once.
            assertThat(new CountDownLatch(1).await(1, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(traffic.faults()).isEmpty();
    }

    @Test
    void paceKeepsItsRateAndDoesNotCatchUp() throws InterruptedException {
        Pace pace = Pace.perSecond(100);
        pace.await();
        assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
        long startNs = System.nanoTime();
        for (int i = 0; i < 11; i++) {
            pace.await();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                .isGreaterThanOrEqualTo(Duration.ofMillis(99));
    }

    @Test
    void clientEndsWhenInterrupted() throws Exception {
        try (HttpWorkload http = HttpWorkload.start(LOOPBACK)) {
            CountDownLatch ended = new CountDownLatch(1);
            Thread client =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            http.run();
                                        } catch (Exception expected) {
                                            ended.countDown();
                                        }
                                    });
            client.interrupt();
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
