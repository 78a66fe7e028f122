package dev.ringtail.consumer.flows;

import dev.ringtail.pcap.frame.FrameParser;

/// Which flow a packet belongs to, and which way it goes: a [FlowKey] without the object. A mutable
/// flyweight of one thread.
final class PacketFlow {
    private int shape;
    private long aHigh;
    private long aLow;
    private long bHigh;
    private long bLow;
    private int ports;
    private boolean fromA;

    /// Takes the flow of the packet that was parsed last.
    ///
    /// @param linkType LINKTYPE of the packet
    /// @return false if the packet has no IP addresses, and so no flow
    boolean read(FrameParser frame, int linkType) {
        if (frame.ipVersion() == 0) {
            return false;
        }
        int flags = frame.fragment() ? FlowKey.FRAGMENTS : 0;
        int sourcePort = 0;
        int destinationPort = 0;
        boolean oneWay = false;
        if (frame.hasPorts()) {
            flags |= FlowKey.PORTS;
            sourcePort = frame.sourcePort();
            destinationPort = frame.destinationPort();
        } else if (frame.icmpType() >= 0 && !frame.fragment()) {
            flags |= FlowKey.PORTS;
            int answer = IcmpTypes.answer(frame.protocol(), frame.icmpType());
            oneWay = answer == IcmpTypes.ONE_WAY;
            sourcePort = frame.icmpType();
            destinationPort = oneWay ? frame.icmpCode() : answer;
        }
        if (frame.ipVersion() == 6) {
            flags |= FlowKey.IPV6;
            setEndpoints(
                    frame.sourceAddressHigh(),
                    frame.sourceAddressLow(),
                    frame.destinationAddressHigh(),
                    frame.destinationAddressLow(),
                    sourcePort,
                    destinationPort,
                    oneWay);
        } else {
            setEndpoints(
                    0,
                    Integer.toUnsignedLong(frame.sourceAddress4()),
                    0,
                    Integer.toUnsignedLong(frame.destinationAddress4()),
                    sourcePort,
                    destinationPort,
                    oneWay);
        }
        shape = FlowKey.shape(linkType, frame.protocol(), flags);
        return true;
    }

    private void setEndpoints(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort,
            boolean oneWay) {
        int order = Long.compareUnsigned(sourceHigh, destinationHigh);
        if (order == 0) {
            order = Long.compareUnsigned(sourceLow, destinationLow);
        }
        if (order == 0) {
            order = Integer.compare(sourcePort, destinationPort);
        }
        fromA = oneWay || order <= 0;
        if (fromA) {
            aHigh = sourceHigh;
            aLow = sourceLow;
            bHigh = destinationHigh;
            bLow = destinationLow;
            ports = sourcePort << 16 | destinationPort;
        } else {
            aHigh = destinationHigh;
            aLow = destinationLow;
            bHigh = sourceHigh;
            bLow = sourceLow;
            ports = destinationPort << 16 | sourcePort;
        }
    }

    /// Whether endpoint A sent the packet.
    boolean fromA() {
        return fromA;
    }

    /// The flow as an object of its own.
    FlowKey key() {
        return new FlowKey(shape, aHigh, aLow, bHigh, bLow, ports);
    }

    /// Whether `key` is this flow.
    boolean is(FlowKey key) {
        return key.ports() == ports
                && key.aLow() == aLow
                && key.bLow() == bLow
                && key.shape() == shape
                && key.aHigh() == aHigh
                && key.bHigh() == bHigh;
    }

    /// The hash code that [#key] would have.
    int hash() {
        return FlowKey.hash(shape, aHigh, aLow, bHigh, bLow, ports);
    }
}
