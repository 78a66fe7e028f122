package dev.ringtail.consumer.flows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.schema.FlowRecord;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// Packets and octets of each five-tuple and direction: the measure in which the analysis and its
/// oracles have to agree.
final class DirectedTotals {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Total> totals = new TreeMap<>();

    record Total(long packets, long octets) {
        Total plus(Total other) {
            return new Total(packets + other.packets, octets + other.octets);
        }
    }

    /// Both directions of flow records as `flows --output json` prints them.
    static DirectedTotals ofJson(String lines) throws IOException {
        DirectedTotals totals = new DirectedTotals();
        for (String line : lines.lines().toList()) {
            JsonNode flow = JSON.readTree(line);
            String source = side(flow, "source");
            String destination = side(flow, "destination");
            String protocol = flow.get("protocol").asText() + " ";
            totals.add(
                    protocol + source + " > " + destination,
                    flow.get("forwardPackets").asLong(),
                    flow.get("forwardOctets").asLong());
            totals.add(
                    protocol + destination + " > " + source,
                    flow.get("reversePackets").asLong(),
                    flow.get("reverseOctets").asLong());
        }
        return totals;
    }

    private static String side(JsonNode flow, String end) {
        return TimedPacket.side(flow.get(end + "Address").asText(), flow.get(end + "Port").asInt());
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
