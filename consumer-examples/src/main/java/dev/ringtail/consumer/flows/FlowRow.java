package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowRecord;

import java.time.Instant;
import java.util.Locale;

/// Flows as lines of a table.
final class FlowRow {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /// Wide enough for IPv4 and most of IPv6; a longer address moves the rest of its line.
    private static final String FORMAT =
            "%-8s %-28s %-28s %9s %12s %9s %12s  %-30s %12s  %-8s %-8s %s";

    private FlowRow() {}

    /// The line above all others.
    static String header() {
        return FORMAT.formatted(
                "PROTOCOL",
                "SOURCE",
                "DESTINATION",
                "PACKETS>",
                "OCTETS>",
                "<PACKETS",
                "<OCTETS",
                "START",
                "DURATION s",
                "FLAGS>",
                "<FLAGS",
                "COMMUNITY ID");
    }

    /// One flow; `>` is from source to destination, `<` the other way.
    static String of(FlowRecord flow) {
        double seconds =
                (flow.getLastTimestampNs() - flow.getFirstTimestampNs())
                        / (double) NANOS_PER_SECOND;
        return FORMAT.formatted(
                protocol(flow),
                endpoint(flow, flow.getSourceAddress(), flow.getSourcePort()),
                endpoint(flow, flow.getDestinationAddress(), flow.getDestinationPort()),
                flow.getForwardPackets(),
                flow.getForwardOctets(),
                flow.getReversePackets(),
                flow.getReverseOctets(),
                instant(flow.getFirstTimestampNs()),
                String.format(Locale.ROOT, "%.6f", seconds),
                TcpFlags.text(flow.getForwardTcpFlags()),
                TcpFlags.text(flow.getReverseTcpFlags()),
                flow.getCommunityId());
    }

    private static String protocol(FlowRecord flow) {
        return IpProtocol.name(flow.getProtocol()) + (flow.getFragments() ? "+frag" : "");
    }

    private static String endpoint(FlowRecord flow, String address, int port) {
        if (port == 0 && flow.getSourcePort() == 0 && flow.getDestinationPort() == 0) {
            return address;
        }
        return (flow.getIpVersion() == 6 ? "[" + address + "]" : address) + ":" + port;
    }

    private static Instant instant(long timestampNs) {
        return Instant.ofEpochSecond(
                Math.floorDiv(timestampNs, NANOS_PER_SECOND),
                Math.floorMod(timestampNs, NANOS_PER_SECOND));
    }
}
