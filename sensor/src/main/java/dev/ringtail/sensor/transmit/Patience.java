package dev.ringtail.sensor.transmit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// For how long a device that takes nothing is tried again: a second from the first failure on.
/// After that everything is given up at the first failure, until something was taken again; so a
/// device that is stuck costs one second, and not one for each frame. One thread.
final class Patience {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    /// A queue of 1514-byte frames at 1 Gbit/s moves up by four meanwhile.
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final LongSupplier nanoTime;
    private boolean stalled;
    private long sinceNs;

    /// @param nanoTime a monotonic clock
    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Tells that something was taken.
    void progress() {
        stalled = false;
    }

    /// Tells that nothing was taken, and waits a moment unless patience is over.
    ///
    /// @return whether it is over
    boolean isOver() {
        long nowNs = nanoTime.getAsLong();
        if (!stalled) {
            stalled = true;
            sinceNs = nowNs;
        }
        if (nowNs - sinceNs >= LIMIT_NS) {
            return true;
        }
        LockSupport.parkNanos(this, PAUSE_NS);
        return false;
    }
}
