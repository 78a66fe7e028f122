package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.FlowHash;

/// Chooses the partition of a parsed frame, as schema/README.md specifies: both directions of a
/// flow, from every sensor, go to one partition.
public final class FlowPartitioner {
    private FlowPartitioner() {}

    /// The partition of the frame that the parser has parsed last.
    ///
    /// @param linkType LINKTYPE_* value of the frame
    public static int partition(FrameParser frame, int linkType, int partitionCount) {
        return FlowHash.partition(hash(frame, linkType), partitionCount);
    }

    /// The hash of the frame that the parser has parsed last, before it becomes a partition.
    ///
    /// @param linkType LINKTYPE_* value of the frame
    static int hash(FrameParser frame, int linkType) {
        return switch (frame.ipVersion()) {
            case 4 ->
                    frame.hasPorts()
                            ? FlowHash.ipv4(
                                    frame.sourceAddress4(),
                                    frame.destinationAddress4(),
                                    frame.sourcePort(),
                                    frame.destinationPort(),
                                    frame.protocol())
                            : FlowHash.ipv4(
                                    frame.sourceAddress4(),
                                    frame.destinationAddress4(),
                                    frame.protocol());
            case 6 -> hash6(frame);
            default ->
                    frame.hasMac()
                            ? FlowHash.mac(
                                    frame.sourceMac(), frame.destinationMac(), frame.etherType())
                            : FlowHash.linkType(linkType);
        };
    }

    private static int hash6(FrameParser frame) {
        return frame.hasPorts()
                ? FlowHash.ipv6(
                        frame.sourceAddressHigh(),
                        frame.sourceAddressLow(),
                        frame.destinationAddressHigh(),
                        frame.destinationAddressLow(),
                        frame.sourcePort(),
                        frame.destinationPort(),
                        frame.protocol())
                : FlowHash.ipv6(
                        frame.sourceAddressHigh(),
                        frame.sourceAddressLow(),
                        frame.destinationAddressHigh(),
                        frame.destinationAddressLow(),
                        frame.protocol());
    }
}
