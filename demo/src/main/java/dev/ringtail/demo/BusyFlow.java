package dev.ringtail.demo;

import dev.ringtail.schema.FlowRecord;

import java.util.Locale;

/// What several records say about one flow together.
///
/// @param record the newest of them, for its addresses
/// @param packets packets of both directions
/// @param octets bytes on the wire of both directions
record BusyFlow(FlowRecord record, long packets, long octets) {
    private static final int TCP = 6;
    private static final int UDP = 17;

    static BusyFlow of(FlowRecord record) {
        return new BusyFlow(
                record,
                record.getForwardPackets() + record.getReversePackets(),
                record.getForwardOctets() + record.getReverseOctets());
    }

    /// This flow with a later record of it.
    BusyFlow plus(BusyFlow later) {
        return new BusyFlow(later.record, packets + later.packets, octets + later.octets);
    }

    /// The flow in a few words: `TCP 127.0.0.1:40000 > 127.0.0.1:8080`.
    String description() {
        return "%s %s > %s"
                .formatted(
                        protocol(),
                        endpoint(record.getSourceAddress(), record.getSourcePort()),
                        endpoint(record.getDestinationAddress(), record.getDestinationPort()));
    }

    private String protocol() {
        return switch (record.getProtocol()) {
            case TCP -> "TCP";
            case UDP -> "UDP";
            default -> String.format(Locale.ROOT, "IP protocol %d", record.getProtocol());
        };
    }

    private String endpoint(String address, int port) {
        boolean hasPorts = record.getProtocol() == TCP || record.getProtocol() == UDP;
        if (!hasPorts || record.getFragments()) {
            return address;
        }
        return (record.getIpVersion() == 6 ? "[" + address + "]" : address) + ":" + port;
    }
}
