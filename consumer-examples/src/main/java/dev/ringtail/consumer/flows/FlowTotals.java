package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowRecord;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Adds flow records up to one total a five-tuple, whichever side each of them has as its source;
/// fragments apart. The source of a total is that of its earliest record.
final class FlowTotals {
    private static final Comparator<FlowRecord> BY_OCTETS =
            Comparator.comparingLong(
                            (FlowRecord flow) -> flow.getForwardOctets() + flow.getReverseOctets())
                    .reversed()
                    .thenComparingLong(FlowRecord::getFirstTimestampNs)
                    .thenComparing(FlowRecord::getCommunityId);

    private final Map<Tuple, FlowRecord> totals = new HashMap<>();

    /// Both endpoints as text, the one that sorts first being `a`.
    private record Tuple(int protocol, boolean fragments, String a, String b) {
        static Tuple of(FlowRecord flow) {
            String source = flow.getSourcePort() + "/" + flow.getSourceAddress();
            String destination = flow.getDestinationPort() + "/" + flow.getDestinationAddress();
            boolean inOrder = source.compareTo(destination) <= 0;
            return new Tuple(
                    flow.getProtocol(),
                    flow.getFragments(),
                    inOrder ? source : destination,
                    inOrder ? destination : source);
        }
    }

    /// Adds a record.
    void add(FlowRecord flow) {
        totals.merge(Tuple.of(flow), flow, FlowTotals::sum);
    }

    private static FlowRecord sum(FlowRecord one, FlowRecord other) {
        boolean oneFirst = one.getFirstTimestampNs() <= other.getFirstTimestampNs();
        FlowRecord first = oneFirst ? one : other;
        FlowRecord second = oneFirst ? other : one;
        boolean same =
                first.getSourceAddress().equals(second.getSourceAddress())
                        && first.getSourcePort() == second.getSourcePort();
        FlowRecord turned = same ? second : turn(second);
        return FlowRecord.newBuilder(first)
                .setForwardPackets(first.getForwardPackets() + turned.getForwardPackets())
                .setForwardOctets(first.getForwardOctets() + turned.getForwardOctets())
                .setReversePackets(first.getReversePackets() + turned.getReversePackets())
                .setReverseOctets(first.getReverseOctets() + turned.getReverseOctets())
                .setLastTimestampNs(
                        Math.max(first.getLastTimestampNs(), turned.getLastTimestampNs()))
                .setForwardTcpFlags(first.getForwardTcpFlags() | turned.getForwardTcpFlags())
                .setReverseTcpFlags(first.getReverseTcpFlags() | turned.getReverseTcpFlags())
                .build();
    }

    /// The same record seen from the other side.
    private static FlowRecord turn(FlowRecord flow) {
        return FlowRecord.newBuilder(flow)
                .setSourceAddress(flow.getDestinationAddress())
                .setSourcePort(flow.getDestinationPort())
                .setDestinationAddress(flow.getSourceAddress())
                .setDestinationPort(flow.getSourcePort())
                .setForwardPackets(flow.getReversePackets())
                .setForwardOctets(flow.getReverseOctets())
                .setReversePackets(flow.getForwardPackets())
                .setReverseOctets(flow.getForwardOctets())
                .setForwardTcpFlags(flow.getReverseTcpFlags())
                .setReverseTcpFlags(flow.getForwardTcpFlags())
                .build();
    }

    /// One record a five-tuple, most octets first. Their end reasons mean nothing.
    List<FlowRecord> byOctets() {
        return totals.values().stream().sorted(BY_OCTETS).toList();
    }
}
