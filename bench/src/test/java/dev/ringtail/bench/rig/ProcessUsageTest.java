package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ProcessUsageTest {
    private static final long OWN = ProcessHandle.current().pid();
    private static final long LEAST_NS = Duration.ofMillis(50).toNanos();

    private volatile boolean ended;

    @Test
    void aBusyThreadIsSeenUnderItsName() throws Exception {
        Thread busy = Thread.ofPlatform().name("busy-thread").start(this::spin);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ProcessUsage.threadsCpuNs(OWN, "busy-th") > LEAST_NS);
            assertThat(ProcessUsage.threadsCpuNs(OWN, "")).isGreaterThan(LEAST_NS);
            assertThat(ProcessUsage.cpuNs(OWN)).isGreaterThan(LEAST_NS);
        } finally {
            ended = true;
            busy.join();
        }
        // The kernel's thread is there for a moment longer than Java's.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ProcessUsage.threadsCpuNs(OWN, "busy-th") == 0);
    }

    private void spin() {
        while (!ended) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aJvmHasAnonymousMemory() {
        assertThat(ProcessUsage.rssAnonBytes(OWN)).isGreaterThan(10 << 20);
    }

    @Test
    void whatHasEndedUsesNothing() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(ProcessUsage.cpuNs(ended.pid())).isZero();
        assertThat(ProcessUsage.rssAnonBytes(ended.pid())).isZero();
        assertThat(ProcessUsage.threadsCpuNs(ended.pid(), "")).isZero();
    }
}
