package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.linux.RingStatistics;

import java.util.ArrayList;
import java.util.List;

/// What became of the packets of a forwarded interface. The forwarding thread writes; others read
/// when it has ended.
///
/// ```text
/// kernelPackets = kernelDrops + received
/// received      = sent + notSent{reason} + excluded{ownTraffic, outgoing} + malformed
/// ```
///
/// Bytes are those of the frames, restored VLAN tags counted; malformed packets have none.
final class ForwardCounters {
    private long kernelPackets;
    private long kernelDrops;
    private long ringFreezes;
    private final Tally received = new Tally();
    private final Tally ownTraffic = new Tally();
    private final Tally outgoing = new Tally();
    private final Tally cut = new Tally();
    private final TransmitCounters frames;
    private long malformed;

    /// @param frames where the sink counts
    ForwardCounters(TransmitCounters frames) {
        this.frames = frames;
    }

    void kernel(RingStatistics statistics) {
        kernelPackets += statistics.packets();
        kernelDrops += statistics.drops();
        ringFreezes += statistics.freezes();
    }

    void malformed(long packets) {
        received.add(packets, 0);
        malformed += packets;
    }

    long kernelPackets() {
        return kernelPackets;
    }

    long kernelDrops() {
        return kernelDrops;
    }

    long ringFreezes() {
        return ringFreezes;
    }

    Tally received() {
        return received;
    }

    Tally ownTraffic() {
        return ownTraffic;
    }

    Tally outgoing() {
        return outgoing;
    }

    /// Packets that were forwarded without their end, cut by the snap length.
    Tally cut() {
        return cut;
    }

    TransmitCounters frames() {
        return frames;
    }

    long malformed() {
        return malformed;
    }

    /// What does not add up, in words; empty where all does.
    List<String> imbalances() {
        List<String> found = new ArrayList<>();
        compare(found, "kernelPackets", kernelPackets, kernelDrops + received.packets());
        long notSentBytes = frames.notSent().values().stream().mapToLong(Tally::bytes).sum();
        compare(
                found,
                "received",
                received.packets(),
                frames.sent().packets()
                        + frames.notSentPackets()
                        + ownTraffic.packets()
                        + outgoing.packets()
                        + malformed);
        compare(
                found,
                "received bytes",
                received.bytes(),
                frames.sent().bytes() + notSentBytes + ownTraffic.bytes() + outgoing.bytes());
        return found;
    }

    private static void compare(List<String> found, String name, long left, long right) {
        if (left != right) {
            found.add("%s %d is not %d".formatted(name, left, right));
        }
    }
}
