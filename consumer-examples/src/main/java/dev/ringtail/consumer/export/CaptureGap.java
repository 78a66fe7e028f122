package dev.ringtail.consumer.export;

import java.time.Instant;

/// A time in which an interface could not be captured, from the ledger.
///
/// @param toNs end, nanoseconds since 1970-01-01T00:00:00Z; `Long.MAX_VALUE` where none is known
record CaptureGap(
        String sensorId,
        String sessionId,
        String interfaceName,
        long fromNs,
        long toNs,
        String reason) {

    /// Whether its end is known.
    boolean isOver() {
        return toNs != Long.MAX_VALUE;
    }

    /// The gap in words.
    String describe() {
        return "%s was not captured %sfrom %s %s%s (sensor %s, session %s)"
                .formatted(
                        interfaceName,
                        isOver() ? "for " + seconds(toNs - fromNs) + " s, " : "",
                        Instant.ofEpochSecond(0, fromNs),
                        isOver() ? "to " + Instant.ofEpochSecond(0, toNs) : "on",
                        reason.isEmpty() ? "" : ": " + reason,
                        sensorId,
                        sessionId);
    }

    /// Rounded to milliseconds.
    private static double seconds(long durationNs) {
        return Math.rint(durationNs / 1e6) / 1000;
    }
}
