package dev.ringtail.consumer.export;

import dev.ringtail.consumer.BatchHead;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// Which packets are wanted.
///
/// @param fromNs earliest capture time, nanoseconds since 1970-01-01T00:00:00Z
/// @param toNs capture time before which a packet must be
/// @param sensor id of the sensor, or null for all
/// @param interfaceName name of the interface, or null for all
/// @param filter in tcpdump's language, empty for none
/// @param maxPackets most packets to write
record ExportQuery(
        long fromNs,
        long toNs,
        @Nullable String sensor,
        @Nullable String interfaceName,
        String filter,
        long maxPackets) {

    static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_SECOND = 1_000_000_000;

    /// Nanoseconds since 1970-01-01T00:00:00Z of an instant that a long can hold so.
    static long nanoseconds(Instant instant) {
        return instant.getEpochSecond() * NS_PER_SECOND + instant.getNano();
    }

    /// Whether there is a bound below.
    boolean hasFrom() {
        return fromNs != Long.MIN_VALUE;
    }

    /// Whether there is a bound above.
    boolean hasTo() {
        return toNs != Long.MAX_VALUE;
    }

    /// Whether a time is within the range.
    boolean contains(long timestampNs) {
        return timestampNs >= fromNs && timestampNs < toNs;
    }

    /// Whether anything between two times is within the range.
    boolean overlaps(long minNs, long maxNs) {
        return maxNs >= fromNs && minNs < toNs;
    }

    /// Whether a batch may hold packets that are wanted, as far as its head tells.
    boolean wants(BatchHead head) {
        return wantsSensor(head.lane().sensorId())
                && overlaps(head.minTimestampNs(), head.maxTimestampNs());
    }

    /// Whether a batch may hold packets that are wanted.
    ///
    /// @param interfaceName the batch's
    boolean wants(BatchHead head, String interfaceName) {
        return wants(head) && wantsInterface(interfaceName);
    }

    /// Whether packets of a sensor are wanted.
    boolean wantsSensor(String sensorId) {
        return sensor == null || sensor.equals(sensorId);
    }

    /// Whether packets of an interface are wanted.
    boolean wantsInterface(String name) {
        return interfaceName == null || interfaceName.equals(name);
    }
}
