package dev.ringtail.sensor.transmit;

import java.util.concurrent.TimeUnit;

/// Says when each frame of a replay is due, in nanoseconds since its start.
///
/// Every answer is reckoned from the start and not from the frame before, so that being late once
/// does not make all the rest late. Answers never step back: a frame that is stamped earlier than
/// the one before it is due together with it. One thread.
abstract class Pacer {
    private long lastDueNs;

    private Pacer() {}

    /// As captured, times a factor. A further pass over the file begins where the one before ended.
    ///
    /// @param speed 2 is twice as fast; above 0
    static Pacer recorded(double speed) {
        return new Recorded(speed);
    }

    /// Evenly.
    ///
    /// @param packetsPerSecond above 0
    static Pacer rate(long packetsPerSecond) {
        return new Rate(packetsPerSecond);
    }

    /// As fast as the device takes them: all is due at the start.
    static Pacer topSpeed() {
        return new TopSpeed();
    }

    /// When the next frame is due.
    ///
    /// @param timestampNs its capture time
    final long nextDueNs(long timestampNs) {
        lastDueNs = Math.max(lastDueNs, due(timestampNs));
        return lastDueNs;
    }

    /// Begins the next pass over the file.
    void nextPass() {}

    final long lastDueNs() {
        return lastDueNs;
    }

    abstract long due(long timestampNs);

    private static final class Recorded extends Pacer {
        private final double speed;
        private boolean firstOfPass = true;
        private long firstTimestampNs;
        private long passStartNs;

        Recorded(double speed) {
            this.speed = speed;
        }

        @Override
        void nextPass() {
            firstOfPass = true;
            passStartNs = lastDueNs();
        }

        @Override
        long due(long timestampNs) {
            if (firstOfPass) {
                firstOfPass = false;
                firstTimestampNs = timestampNs;
            }
            return passStartNs + (long) ((timestampNs - firstTimestampNs) / speed);
        }
    }

    private static final class Rate extends Pacer {
        private static final long NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

        private final long packetsPerSecond;
        private long second;
        private long packetOfSecond;

        Rate(long packetsPerSecond) {
            this.packetsPerSecond = packetsPerSecond;
        }

        @Override
        long due(long timestampNs) {
            long dueNs = second * NS_PER_SECOND + packetOfSecond * NS_PER_SECOND / packetsPerSecond;
            packetOfSecond++;
            if (packetOfSecond == packetsPerSecond) {
                packetOfSecond = 0;
                second++;
            }
            return dueNs;
        }
    }

    private static final class TopSpeed extends Pacer {
        @Override
        long due(long timestampNs) {
            return 0;
        }
    }
}
