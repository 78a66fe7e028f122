package dev.ringtail.sensor;

import dev.ringtail.sensor.lane.LaneWarmUp;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;

import java.time.Duration;

/// Has the JIT compile the lanes' code while the rest of the sensor connects to Kafka.
final class WarmUp {
    private static final Duration DURATION = Duration.ofMillis(700);

    private final Thread thread;

    private WarmUp(Thread thread) {
        this.thread = thread;
    }

    static WarmUp begin(OwnTrafficMatcher ownTraffic) {
        Thread thread =
                Thread.ofPlatform()
                        .name("rt-warm-up")
                        .daemon()
                        .start(() -> LaneWarmUp.run(DURATION, ownTraffic));
        return new WarmUp(thread);
    }

    void await() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
