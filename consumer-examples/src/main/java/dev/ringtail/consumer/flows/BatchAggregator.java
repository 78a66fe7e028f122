package dev.ringtail.consumer.flows;

import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.PacketBatchReader;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// Adds the packets of one batch to their flows, in memory: no object a packet, and one look-up a
/// flow. The aggregates of open flows are changed at once, and nothing is written to a state store
/// here: after a failure in the midst of a batch they are ahead of it, and have to be read from it
/// anew. One thread.
final class BatchAggregator {
    private final FlowTable flows;
    private final FlowMeter meter;
    private final List<FlowRecord> finished = new ArrayList<>();
    private final FrameParser frame = new FrameParser();
    private final PacketFlow packetFlow = new PacketFlow();
    private long newPackets;
    private long duplicatePackets;
    private long packetsWithoutFlow;
    private long latestNs;

    /// @param open finds an open flow's aggregate where the last batch left it; what it returns is
    ///   changed here
    BatchAggregator(
            FlowTimeouts timeouts,
            FlowRecordFactory records,
            Function<FlowKey, @Nullable FlowAggregate> open) {
        this.flows = new FlowTable(open);
        this.meter = new FlowMeter(timeouts, records, finished::add);
    }

    /// Reads all packets of a batch but those whose numbers were seen. What an earlier call left is
    /// forgotten.
    ///
    /// @param batch a reader before its first packet, whose batch was checked
    /// @param seen the stream's packet numbers so far; not changed here
    void aggregate(PacketBatchReader batch, SeenNumbers seen) {
        flows.clear();
        finished.clear();
        newPackets = 0;
        duplicatePackets = 0;
        packetsWithoutFlow = 0;
        latestNs = Long.MIN_VALUE;
        MemorySegment memory = MemorySegment.ofArray(batch.array());
        int linkType = batch.linkType();
        while (batch.next()) {
            if (seen.contains(batch.packetNumber())) {
                duplicatePackets++;
            } else {
                add(batch, memory, linkType);
            }
        }
    }

    private void add(PacketBatchReader batch, MemorySegment memory, int linkType) {
        newPackets++;
        long timestampNs = batch.timestampNs();
        latestNs = Math.max(latestNs, timestampNs);
        frame.parse(memory, batch.dataOffset(), batch.dataLength(), linkType);
        if (packetFlow.read(frame, linkType)) {
            meter.add(
                    flows.entry(packetFlow),
                    packetFlow.fromA(),
                    timestampNs,
                    batch.originalLength(),
                    frame.tcpFlags());
        } else {
            packetsWithoutFlow++;
        }
    }

    /// The flows that the batch had packets of.
    List<FlowEntry> entries() {
        return flows.entries();
    }

    /// Records that packets of the batch brought to their end, in that order.
    List<FlowRecord> finished() {
        return Collections.unmodifiableList(finished);
    }

    /// Packets whose numbers had not been seen.
    long newPackets() {
        return newPackets;
    }

    /// Packets left out because their numbers had been seen.
    long duplicatePackets() {
        return duplicatePackets;
    }

    /// New packets without IP addresses.
    long packetsWithoutFlow() {
        return packetsWithoutFlow;
    }

    /// Latest capture time of the new packets. Undefined while there are none.
    long latestNs() {
        return latestNs;
    }
}
