package dev.ringtail.sensor.transmit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What became of the frames that a [FrameSink] was given. One thread.
///
/// `sent` means handed over to the device, to its queueing discipline, or to the UDP socket: beyond
/// that nobody tells.
final class TransmitCounters {
    private final Tally sent = new Tally();
    private final SortedMap<String, Tally> notSent = new TreeMap<>();

    void sent(long packets, long bytes) {
        sent.add(packets, bytes);
    }

    /// @param reason [FrameLimits#TOO_LONG], [FrameLimits#TOO_SHORT] or the name of an errno
    void notSent(String reason, long packets, long bytes) {
        notSent.computeIfAbsent(reason, r -> new Tally()).add(packets, bytes);
    }

    Tally sent() {
        return sent;
    }

    /// By reason.
    SortedMap<String, Tally> notSent() {
        return Collections.unmodifiableSortedMap(notSent);
    }

    long notSentPackets() {
        return notSent.values().stream().mapToLong(Tally::packets).sum();
    }
}
