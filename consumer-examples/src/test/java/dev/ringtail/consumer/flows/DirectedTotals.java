package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowRecord;

import java.util.Map;
import java.util.TreeMap;

/// Packets and octets of each five-tuple and direction: the measure in which the analysis and its
/// oracles have to agree.
final class DirectedTotals {
    private final Map<String, Total> totals = new TreeMap<>();

    record Total(long packets, long octets) {
        Total plus(Total other) {
            return new Total(packets + other.packets, octets + other.octets);
        }
    }

    void add(TimedPacket packet) {
        add(packet.directed(), 1, packet.frame().length);
    }

    /// Adds both directions of a flow record.
    void add(FlowRecord flow) {
        String source = TimedPacket.side(flow.getSourceAddress(), flow.getSourcePort());
        String destination =
                TimedPacket.side(flow.getDestinationAddress(), flow.getDestinationPort());
        add(
                flow.getProtocol() + " " + source + " > " + destination,
                flow.getForwardPackets(),
                flow.getForwardOctets());
        add(
                flow.getProtocol() + " " + destination + " > " + source,
                flow.getReversePackets(),
                flow.getReverseOctets());
    }

    void add(String directed, long packets, long octets) {
        if (packets > 0) {
            totals.merge(directed, new Total(packets, octets), Total::plus);
        }
    }

    /// By five-tuple and direction.
    Map<String, Total> byDirection() {
        return totals;
    }
}
