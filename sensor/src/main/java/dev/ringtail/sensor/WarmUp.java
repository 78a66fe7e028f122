package dev.ringtail.sensor;

import dev.ringtail.sensor.lane.LaneWarmUp;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.lane.PacketRules;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/// Has the JIT compile the lanes' code while the rest of the sensor connects to Kafka.
final class WarmUp {
    private static final Logger LOGGER = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration DURATION = Duration.ofMillis(700);

    /// What a warm-up that does not end must not hold up for longer.
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Thread thread;

    private WarmUp(Thread thread) {
        this.thread = thread;
    }

    /// @param rules what the lanes will keep
    static WarmUp begin(OwnTrafficMatcher ownTraffic, PacketRules rules) {
        Thread thread =
                Thread.ofPlatform().name("rt-warm-up").daemon().start(() -> run(ownTraffic, rules));
        return new WarmUp(thread);
    }

    private static void run(OwnTrafficMatcher ownTraffic, PacketRules rules) {
        try {
            LaneWarmUp.run(DURATION, ownTraffic, rules);
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .setCause(e)
                    .log("the capture begins cold: it may lose packets at first");
        }
    }

    void await() {
        try {
            boolean _ = thread.join(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
