package dev.ringtail.demo.traffic;

import java.util.concurrent.TimeUnit;

/// A steady beat: so many times a second and no faster. After a delay it goes on at the same rate
/// and does not catch up. For one thread.
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long intervalNs;
    private long nextNs = System.nanoTime();

    private Pace(long intervalNs) {
        this.intervalNs = intervalNs;
    }

    /// A pace of `perSecond` beats a second, at least one.
    static Pace perSecond(int perSecond) {
        return new Pace(NANOS_PER_SECOND / perSecond);
    }

    /// Waits for the next beat.
    ///
    /// @throws InterruptedException when the traffic is to stop
    void await() throws InterruptedException {
        long nowNs = System.nanoTime();
        if (nextNs > nowNs) {
            TimeUnit.NANOSECONDS.sleep(nextNs - nowNs);
        } else if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        nextNs = Math.max(nextNs, nowNs) + intervalNs;
    }
}
