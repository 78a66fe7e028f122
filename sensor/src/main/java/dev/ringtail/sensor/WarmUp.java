package dev.ringtail.sensor;

import dev.ringtail.sensor.lane.LaneWarmUp;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.lane.PacketRules;

import java.time.Duration;

/// Has the JIT compile the lanes' code while the rest of the sensor connects to Kafka.
final class WarmUp {
    private static final Duration DURATION = Duration.ofMillis(700);

    private final Thread thread;

    private WarmUp(Thread thread) {
        this.thread = thread;
    }

    /// @param rules what the lanes will keep
    static WarmUp begin(OwnTrafficMatcher ownTraffic, PacketRules rules) {
        Thread thread =
                Thread.ofPlatform()
                        .name("rt-warm-up")
                        .daemon()
                        .start(() -> LaneWarmUp.run(DURATION, ownTraffic, rules));
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
