package dev.ringtail.sensor;

import dev.ringtail.sensor.delivery.SinkStatus;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/// Tells the user when packets begin to wait for their destination, and when they no longer do. For
/// one thread.
final class DeliveryWatch {
    /// How young the oldest batch on its way has to be before delivery counts as going on again:
    /// well below what begins a trouble, or a sensor at that limit would tell of it again and
    /// again.
    private static final Duration CAUGHT_UP = Duration.ofSeconds(2);

    private final LongSupplier nanoTime;

    /// What has been told of in this outage.
    private final Set<String> told = new HashSet<>();

    private long sinceNs;

    /// @param nanoTime as [System#nanoTime]
    DeliveryWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Writes what has changed since the last look, if anything.
    void look(SinkStatus status, PrintWriter err) {
        if (told.isEmpty()) {
            sinceNs = nanoTime.getAsLong() - status.lag().toNanos();
        }
        for (String trouble : status.troubles()) {
            if (told.add(kind(trouble))) {
                err.println("warning: " + trouble);
                err.flush();
            }
        }
        if (!told.isEmpty() && hasCaughtUp(status)) {
            told.clear();
            err.printf(
                    "packets are delivered again, after %d s%n",
                    Duration.ofNanos(nanoTime.getAsLong() - sinceNs).toSeconds());
            err.flush();
        }
    }

    /// Writes, before a stop, that it has to wait for what is not delivered yet.
    ///
    /// @param limit how long it will wait
    void stopping(SinkStatus status, Duration limit, PrintWriter err) {
        if (!hasCaughtUp(status)) {
            err.printf(
                    "stopping; packets of up to %d s are not delivered yet, and get up to %d s"
                            + " of the time for a stop (stopTimeout)%n",
                    secondsUp(status.lag()), secondsUp(limit));
            err.flush();
        }
    }

    private static long secondsUp(Duration time) {
        return Math.ceilDiv(time.toMillis(), 1_000L);
    }

    /// Topic and trouble, and whether a reason follows: not the reason itself and the numbers,
    /// which change.
    private static String kind(String trouble) {
        String[] parts = trouble.split(": ", 3);
        String topic = parts.length == 1 ? "" : parts[0];
        String what = parts[Math.min(1, parts.length - 1)];
        return "%s/%s/%d".formatted(topic, what.replaceAll("[0-9]", ""), parts.length);
    }

    private static boolean hasCaughtUp(SinkStatus status) {
        return status.troubles().isEmpty() && status.lag().compareTo(CAUGHT_UP) < 0;
    }
}
