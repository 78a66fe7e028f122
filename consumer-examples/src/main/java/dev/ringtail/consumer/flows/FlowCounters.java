package dev.ringtail.consumer.flows;

import org.apache.kafka.streams.processor.TaskId;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the analysis has done in this process. Work that Kafka Streams repeats after a fault counts
/// again here, though never in the flows. Any thread.
public final class FlowCounters {
    private final LongAdder batches = new LongAdder();
    private final LongAdder corruptBatches = new LongAdder();
    private final LongAdder packets = new LongAdder();
    private final LongAdder duplicatePackets = new LongAdder();
    private final LongAdder packetsWithoutFlow = new LongAdder();
    private final LongAdder flowRecords = new LongAdder();
    private final Set<TaskId> tasks = ConcurrentHashMap.newKeySet();
    private final LongAdder restarts = new LongAdder();

    FlowCounters() {}

    void countBatch(BatchAggregator batch) {
        batches.increment();
        packets.add(batch.newPackets());
        duplicatePackets.add(batch.duplicatePackets());
        packetsWithoutFlow.add(batch.packetsWithoutFlow());
    }

    void countCorruptBatch() {
        corruptBatches.increment();
    }

    void countFlowRecord() {
        flowRecords.increment();
    }

    void countTaskStart(TaskId task) {
        if (!tasks.add(task)) {
            restarts.increment();
        }
    }

    /// How often a task has begun anew, from what was committed. What it reads again then is
    /// counted again.
    public long restarts() {
        return restarts.sum();
    }

    /// Batches read.
    public long batches() {
        return batches.sum();
    }

    /// Records of the packets topic that were no readable batch, and were skipped.
    public long corruptBatches() {
        return corruptBatches.sum();
    }

    /// Packets read for the first time.
    public long packets() {
        return packets.sum();
    }

    /// Packets skipped because their stream had brought their numbers before.
    public long duplicatePackets() {
        return duplicatePackets.sum();
    }

    /// Of [#packets], those without IP addresses: they belong to no flow.
    public long packetsWithoutFlow() {
        return packetsWithoutFlow.sum();
    }

    /// Flow records written.
    public long flowRecords() {
        return flowRecords.sum();
    }
}
