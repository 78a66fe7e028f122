package dev.ringtail.sensor;

import dev.ringtail.sensor.delivery.DeliveryTrouble;
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

    /// A trouble is told once, and once more when the reason for it becomes known.
    private record Told(String destination, DeliveryTrouble.Kind kind, boolean hasReason) {
        static Told of(DeliveryTrouble trouble) {
            return new Told(trouble.destination(), trouble.kind(), trouble.reason() != null);
        }
    }

    private final LongSupplier nanoTime;

    /// What has been told of in this outage.
    private final Set<Told> told = new HashSet<>();

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
        for (DeliveryTrouble trouble : status.troubles()) {
            if (told.add(Told.of(trouble))) {
                err.println("warning: " + trouble.inWords());
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

    private static boolean hasCaughtUp(SinkStatus status) {
        return status.troubles().isEmpty() && status.lag().compareTo(CAUGHT_UP) < 0;
    }
}
