package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;

/// Makes flow records from what is kept of a flow. One object belongs to one thread.
final class FlowRecordFactory {
    private final CommunityId communityId = new CommunityId();

    /// A record of what `flow` counts, with the side that began it as source.
    FlowRecord record(FlowKey key, FlowAggregate flow, FlowEndReason endReason) {
        boolean forward = flow.begunByA();
        String addressA = address(key, key.aHigh(), key.aLow());
        String addressB = address(key, key.bHigh(), key.bLow());
        return FlowRecord.newBuilder()
                .setCommunityId(communityId.of(key))
                .setLinkType(key.linkType())
                .setIpVersion(key.is(FlowKey.IPV6) ? 6 : 4)
                .setProtocol(key.protocol())
                .setSourceAddress(forward ? addressA : addressB)
                .setDestinationAddress(forward ? addressB : addressA)
                .setSourcePort(forward ? key.portA() : key.portB())
                .setDestinationPort(forward ? key.portB() : key.portA())
                .setForwardPackets(flow.packets(forward))
                .setForwardOctets(flow.octets(forward))
                .setReversePackets(flow.packets(!forward))
                .setReverseOctets(flow.octets(!forward))
                .setFirstTimestampNs(flow.firstNs())
                .setLastTimestampNs(flow.lastNs())
                .setForwardTcpFlags(flow.tcpFlags(forward))
                .setReverseTcpFlags(flow.tcpFlags(!forward))
                .setFragments(key.is(FlowKey.FRAGMENTS))
                .setEndReason(endReason)
                .build();
    }

    private static String address(FlowKey key, long high, long low) {
        return key.is(FlowKey.IPV6) ? AddressText.ipv6(high, low) : AddressText.ipv4(low);
    }
}
