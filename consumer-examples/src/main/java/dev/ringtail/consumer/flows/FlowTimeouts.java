package dev.ringtail.consumer.flows;

import java.time.Duration;

/// When a flow's record is closed, in packet time.
///
/// @param activeNs a record covers less than this, in nanoseconds
/// @param idleNs a flow without a packet for this long has ended, in nanoseconds
public record FlowTimeouts(long activeNs, long idleNs) {
    /// 60 s active, 15 s idle.
    public static final FlowTimeouts DEFAULT = of(Duration.ofSeconds(60), Duration.ofSeconds(15));

    /// Checks both.
    ///
    /// @throws IllegalArgumentException unless both are positive
    public FlowTimeouts {
        if (activeNs <= 0 || idleNs <= 0) {
            throw new IllegalArgumentException(
                    "active timeout %d ns and idle timeout %d ns must be positive"
                            .formatted(activeNs, idleNs));
        }
    }

    /// Timeouts from durations.
    ///
    /// @throws IllegalArgumentException unless both are positive and below 292 years
    public static FlowTimeouts of(Duration active, Duration idle) {
        try {
            return new FlowTimeouts(active.toNanos(), idle.toNanos());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "active timeout %s and idle timeout %s must be below 292 years"
                            .formatted(active, idle),
                    e);
        }
    }
}
