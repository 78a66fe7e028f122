package dev.ringtail.sensor;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Tells the user when the kernel begins to drop packets for want of room in a ring, and when it no
/// longer does. For one thread.
final class DropWatch {
    /// So long nothing more may have been dropped before that counts as the end: longer than the
    /// second between two looks of a lane at what the kernel counts.
    private static final Duration QUIET = Duration.ofSeconds(5);

    /// While drops go on they are told of so often.
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long drops;
    private boolean dropping;
    private long dropsBefore;
    private long sinceNs;
    private long lastNs;
    private long toldNs;

    /// @param nanoTime as [System#nanoTime]
    DropWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Writes what has changed since the last look, if anything.
    ///
    /// @param now packets dropped since the session began
    void look(long now, PrintWriter err) {
        long nowNs = nanoTime.getAsLong();
        if (now > drops) {
            rise(now, nowNs, err);
        } else if (dropping && nowNs - lastNs >= QUIET.toNanos()) {
            dropping = false;
            tell(
                    "the kernel drops no more packets; it has dropped %,d in %d s",
                    drops - dropsBefore, seconds(lastNs - sinceNs), err);
        }
    }

    private void rise(long now, long nowNs, PrintWriter err) {
        if (!dropping) {
            dropping = true;
            dropsBefore = drops;
            sinceNs = nowNs;
            toldNs = nowNs;
            err.println("warning: the kernel drops packets, as the ring is full");
            err.flush();
        } else if (nowNs - toldNs >= INTERVAL.toNanos()) {
            toldNs = nowNs;
            tell(
                    "warning: the kernel goes on dropping packets: %,d in %d s",
                    now - dropsBefore, seconds(nowNs - sinceNs), err);
        }
        drops = now;
        lastNs = nowNs;
    }

    private static void tell(String format, long count, long seconds, PrintWriter err) {
        err.printf(Locale.ROOT, format + "%n", count, seconds);
        err.flush();
    }

    /// Of a moment, a second: what is seen at one look came within that.
    private static long seconds(long ns) {
        return Math.max(1, Duration.ofNanos(ns).toSeconds());
    }
}
