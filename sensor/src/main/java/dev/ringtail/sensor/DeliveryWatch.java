package dev.ringtail.sensor;

import dev.ringtail.sensor.delivery.DeliveryTrouble;
import dev.ringtail.sensor.delivery.SinkStatus;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Tells the user when packets or reports begin to wait for their destination, and when they no
/// longer do, of each destination by itself. For one thread.
final class DeliveryWatch {
    /// How young the oldest batch on its way has to be before delivery counts as going on again:
    /// well below what begins a trouble, or a sensor at that limit would tell of it again and
    /// again.
    private static final Duration CAUGHT_UP = Duration.ofSeconds(2);

    /// After so long without a trouble it counts as going on in any case: where the way to Kafka is
    /// slow, the oldest batch is never that young.
    private static final Duration STEADY = Duration.ofSeconds(30);

    /// A trouble is told once, and once more when the reason for it becomes known.
    private record Told(DeliveryTrouble.Kind kind, boolean hasReason) {
        static Told of(DeliveryTrouble trouble) {
            return new Told(trouble.kind(), trouble.reason() != null);
        }
    }

    /// What is known of a destination that has a trouble, or has not caught up since.
    private static final class Outage {
        private final long sinceNs;
        private final Set<Told> told = new HashSet<>();
        private long troubledNs;

        Outage(long sinceNs) {
            this.sinceNs = sinceNs;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, Outage> outages = new HashMap<>();

    /// @param nanoTime as [System#nanoTime]
    DeliveryWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Writes what has changed since the last look, if anything.
    void look(SinkStatus status, PrintWriter err) {
        long nowNs = nanoTime.getAsLong();
        Set<String> over = new TreeSet<>(outages.keySet());
        for (DeliveryTrouble trouble : status.troubles()) {
            over.remove(trouble.destination());
            tell(trouble, nowNs, err);
        }
        for (String destination : over) {
            Outage outage = Objects.requireNonNull(outages.get(destination));
            if (hasCaughtUp(status) || nowNs - outage.troubledNs >= STEADY.toNanos()) {
                outages.remove(destination);
                err.printf(
                        "%s: delivered again, after %d s%n",
                        destination, TimeUnit.NANOSECONDS.toSeconds(nowNs - outage.sinceNs));
            }
        }
        err.flush();
    }

    private void tell(DeliveryTrouble trouble, long nowNs, PrintWriter err) {
        Outage outage =
                outages.computeIfAbsent(
                        trouble.destination(),
                        _ -> new Outage(nowNs - trouble.lasting().toNanos()));
        outage.troubledNs = nowNs;
        if (outage.told.add(Told.of(trouble))) {
            err.println("warning: " + trouble.inWords());
        }
    }

    /// Writes, before a stop, that it has to wait for packets that are not delivered yet.
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
        return status.lag().compareTo(CAUGHT_UP) < 0;
    }
}
