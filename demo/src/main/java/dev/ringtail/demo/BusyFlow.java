package dev.ringtail.demo;

import dev.ringtail.schema.FlowRecord;

import java.util.Locale;

/// A flow as the live view shows it.
///
/// @param description the flow in a few words: `TCP 127.0.0.1:40000 > 127.0.0.1:8080`
/// @param octets bytes on the wire of both directions
record BusyFlow(String description, long octets) {
    private static final int TCP = 6;
    private static final int UDP = 17;

    static BusyFlow of(FlowRecord record) {
        String description =
                "%s %s > %s"
                        .formatted(
                                protocol(record.getProtocol()),
                                endpoint(record, record.getSourceAddress(), record.getSourcePort()),
                                endpoint(
                                        record,
                                        record.getDestinationAddress(),
                                        record.getDestinationPort()));
        return new BusyFlow(description, record.getForwardOctets() + record.getReverseOctets());
    }

    private static String protocol(int number) {
        return switch (number) {
            case TCP -> "TCP";
            case UDP -> "UDP";
            default -> String.format(Locale.ROOT, "IP protocol %d", number);
        };
    }

    private static String endpoint(FlowRecord record, String address, int port) {
        boolean hasPorts = record.getProtocol() == TCP || record.getProtocol() == UDP;
        if (!hasPorts || record.getFragments()) {
            return address;
        }
        return (record.getIpVersion() == 6 ? "[" + address + "]" : address) + ":" + port;
    }
}
