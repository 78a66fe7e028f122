package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;

import java.util.function.Consumer;

/// Decides, packet by packet, where one record of a flow ends and the next begins, by the packets'
/// own times. The order of arrival counts only where the times leave it open.
/// - a gap of the idle timeout or more ends the flow; the packet after it begins another one, whose
///   first sender may be the other side;
/// - a SYN without ACK after TCP has closed the flow begins another one too: a port used again;
/// - a packet that would stretch the record to the active timeout or beyond begins the flow's next
///   record;
/// - a packet from the idle timeout or more before the record (an import, a sensor that was cut
///   off) belongs to an earlier flow and goes into the entry's late aggregate.
///
/// Nothing is ever counted twice or left out: the records of a five-tuple add up to its packets.
final class FlowMeter {
    private final FlowTimeouts timeouts;
    private final FlowRecordFactory records;
    private final Consumer<FlowRecord> finished;

    /// @param finished takes each record that a packet brings to its end
    FlowMeter(FlowTimeouts timeouts, FlowRecordFactory records, Consumer<FlowRecord> finished) {
        this.timeouts = timeouts;
        this.records = records;
        this.finished = finished;
    }

    /// Counts one packet in its flow.
    ///
    /// @param tcpFlags its TCP flags, 0 for another protocol
    void add(FlowEntry entry, boolean fromA, long timestampNs, long octets, int tcpFlags) {
        FlowAggregate flow = entry.open();
        if (isLate(flow, timestampNs)) {
            flow = entry.lateOrNew();
            if (isLate(flow, timestampNs)) {
                finish(entry.key(), flow, endOf(flow));
                flow.beginFlow();
            }
        }
        endBefore(entry.key(), flow, timestampNs, tcpFlags);
        flow.add(fromA, timestampNs, octets, tcpFlags);
    }

    private boolean isLate(FlowAggregate flow, long timestampNs) {
        return !flow.isEmpty()
                && timestampNs < flow.firstNs()
                && (flow.firstNs() - timestampNs >= timeouts.idleNs()
                        || flow.lastNs() - timestampNs >= timeouts.activeNs());
    }

    /// Ends the record, and maybe the flow, if a packet of this time cannot be a part of it.
    private void endBefore(FlowKey key, FlowAggregate flow, long timestampNs, int tcpFlags) {
        if (flow.isEmpty()) {
            return;
        }
        if (timestampNs - flow.lastNs() >= timeouts.idleNs()) {
            finish(key, flow, endOf(flow));
            flow.beginFlow();
        } else if (isConnect(tcpFlags) && flow.isClosed() && timestampNs >= flow.lastNs()) {
            finish(key, flow, FlowEndReason.END_OF_FLOW);
            flow.beginFlow();
        } else if (timestampNs - flow.firstNs() >= timeouts.activeNs()) {
            finish(key, flow, FlowEndReason.ACTIVE_TIMEOUT);
            flow.beginRecord();
        }
    }

    private static boolean isConnect(int tcpFlags) {
        return (tcpFlags & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN;
    }

    private void finish(FlowKey key, FlowAggregate flow, FlowEndReason reason) {
        finished.accept(records.record(key, flow, reason));
    }

    /// Why a flow without further packets ended.
    static FlowEndReason endOf(FlowAggregate flow) {
        return flow.isClosed() ? FlowEndReason.END_OF_FLOW : FlowEndReason.IDLE_TIMEOUT;
    }
}
