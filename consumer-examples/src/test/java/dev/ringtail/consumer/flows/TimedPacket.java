package dev.ringtail.consumer.flows;

/// A packet of a test's traffic, and what its flow is by construction, not by parsing.
record TimedPacket(
        long timestampNs,
        int protocol,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        byte[] frame) {

    /// Five-tuple with direction, as text.
    String directed() {
        return protocol
                + " "
                + side(source, sourcePort)
                + " > "
                + side(destination, destinationPort);
    }

    /// Five-tuple without direction, as text.
    String undirected() {
        String one = side(source, sourcePort);
        String other = side(destination, destinationPort);
        return protocol + " " + (one.compareTo(other) < 0 ? one + " " + other : other + " " + one);
    }

    static String side(String address, int port) {
        return address + "|" + port;
    }
}
