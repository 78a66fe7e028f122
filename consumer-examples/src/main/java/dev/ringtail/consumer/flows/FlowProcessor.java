package dev.ringtail.consumer.flows;

import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Objects;

/// The flow analysis of one partition of the packets topic.
///
/// Time is the partition's latest capture time so far. It only goes on; a batch from before it is
/// counted like any other, and what it leaves of flows that are over by then is written at once.
///
/// Two state stores, both with a changelog: the open flows, and the packet numbers seen of each
/// stream. Everything else here is made from them.
final class FlowProcessor implements Processor<byte[], byte[], String, FlowRecord> {
    private static final Logger LOGGER = LoggerFactory.getLogger(FlowProcessor.class);

    /// How often a task looks whether the input has ended.
    private static final Duration END_OF_INPUT_INTERVAL = Duration.ofMillis(100);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final FlowTimeouts timeouts;
    private final FlowCounters counters;
    private final EndOfInput endOfInput;
    private final PacketBatchReader batch;
    private final FlowRecordFactory records = new FlowRecordFactory();
    private final ExpiryIndex expiries = new ExpiryIndex();
    private final BatchAggregator aggregator;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    private ProcessorContext<String, FlowRecord> context;

    @SuppressWarnings("NullAway.Init")
    private OpenFlows flows;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, StreamProgress> streams;

    @SuppressWarnings("NullAway.Init")
    private TaskId task;

    private long nowNs;

    /// Whether open flows have been written at the end of the input since the task began.
    private boolean flushed;

    FlowProcessor(
            FlowTimeouts timeouts,
            FlowCounters counters,
            EndOfInput endOfInput,
            SchemaLookup schemas) {
        this.timeouts = timeouts;
        this.counters = counters;
        this.endOfInput = endOfInput;
        this.batch = new PacketBatchReader(schemas);
        this.aggregator = new BatchAggregator(timeouts, records, key -> flows.get(key));
    }

    /// Called with the state stores restored; again, when Kafka Streams revives a task. The objects
    /// of open flows are made anew then: they may be ahead of the stores.
    @Override
    public void init(ProcessorContext<String, FlowRecord> processorContext) {
        context = processorContext;
        task = context.taskId();
        flows = new OpenFlows(context.getStateStore(FlowTopology.FLOWS_STORE));
        streams = context.getStateStore(FlowTopology.STREAMS_STORE);
        expiries.clear();
        flows.forEach((key, flow) -> expiries.add(expiryNs(flow), key));
        nowNs = Long.MIN_VALUE;
        try (KeyValueIterator<String, StreamProgress> stored = streams.all()) {
            while (stored.hasNext()) {
                nowNs = Math.max(nowNs, stored.next().value.latestNs());
            }
        }
        flushed = false;
        endOfInput.started(task);
        counters.countTaskStart(task);
        context.schedule(
                END_OF_INPUT_INTERVAL,
                PunctuationType.WALL_CLOCK_TIME,
                timestampMs -> flushAtEndOfInput());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!read(record.value())) {
            return;
        }
        String stream = StreamProgress.key(batch.sessionId(), batch.lane(), batch.partition());
        @Nullable StreamProgress known = streams.get(stream);
        SeenNumbers seen = known != null ? known.seen() : new SeenNumbers();
        aggregator.aggregate(batch, seen);
        counters.countBatch(aggregator);
        if (aggregator.newPackets() == 0) {
            return;
        }
        long firstNumber = batch.firstPacketNumber();
        seen.add(firstNumber, firstNumber + batch.packetCount() - 1);
        long latestNs = aggregator.latestNs();
        streams.put(
                stream,
                new StreamProgress(
                        known != null ? Math.max(known.latestNs(), latestNs) : latestNs, seen));
        nowNs = Math.max(nowNs, latestNs);
        aggregator.finished().forEach(this::write);
        aggregator.entries().forEach(this::settle);
        endIdleFlows();
    }

    /// Begins the batch.
    ///
    /// @return false if it is none; that was counted and logged then
    private boolean read(byte @Nullable [] value) {
        try {
            if (value == null) {
                throw new BatchFormatException("record without a value", 0);
            }
            batch.wrap(value);
            batch.check();
            if (batch.firstPacketNumber() > Long.MAX_VALUE - batch.packetCount()) {
                throw new BatchFormatException(
                        "packet numbers from " + batch.firstPacketNumber() + " overflow", 0);
            }
            return true;
        } catch (BatchFormatException e) {
            counters.countCorruptBatch();
            context.recordMetadata()
                    .ifPresent(
                            at ->
                                    LOGGER.warn(
                                            "skipped a corrupt batch: topic {}, partition {},"
                                                    + " offset {}: {}",
                                            at.topic(),
                                            at.partition(),
                                            at.offset(),
                                            e.getMessage()));
            return false;
        }
    }

    /// Writes back what the batch made of a flow.
    private void settle(FlowEntry entry) {
        FlowAggregate late = entry.late();
        if (late != null) {
            write(records.record(entry.key(), late, FlowMeter.endOf(late)));
        }
        FlowAggregate flow = entry.open();
        if (entry.wasOpen()) {
            flows.put(entry.key(), flow);
        } else if (isIdle(flow)) {
            write(records.record(entry.key(), flow, FlowMeter.endOf(flow)));
        } else {
            flows.put(entry.key(), flow);
            expiries.add(expiryNs(flow), entry.key());
        }
    }

    private void endIdleFlows() {
        while (expiries.isDue(nowNs)) {
            FlowKey key = expiries.remove();
            FlowAggregate flow = Objects.requireNonNull(flows.get(key), "an open flow");
            if (isIdle(flow)) {
                flows.remove(key);
                write(records.record(key, flow, FlowMeter.endOf(flow)));
            } else {
                expiries.add(expiryNs(flow), key);
            }
        }
    }

    private void flushAtEndOfInput() {
        if (!endOfInput.isReached()) {
            return;
        }
        if (flushed) {
            // Kafka Streams has made the commit that was asked for the last time, or the task would
            // have been closed.
            endOfInput.flushed(task);
        }
        flows.forEach((key, flow) -> write(records.record(key, flow, FlowEndReason.END_OF_INPUT)));
        flows.clear();
        expiries.clear();
        flushed = true;
        context.commit();
    }

    private boolean isIdle(FlowAggregate flow) {
        return expiryNs(flow) <= nowNs;
    }

    /// When a flow is over unless another packet comes; clocks may be set to anything.
    private long expiryNs(FlowAggregate flow) {
        long lastNs = flow.lastNs();
        return lastNs > Long.MAX_VALUE - timeouts.idleNs()
                ? Long.MAX_VALUE
                : lastNs + timeouts.idleNs();
    }

    /// The Kafka record's time is that of the flow record's last packet, rounded up as for batches.
    private void write(FlowRecord flow) {
        long timestampMs = Math.ceilDiv(flow.getLastTimestampNs(), NANOS_PER_MILLI);
        counters.countFlowRecord();
        context.forward(new Record<>(flow.getCommunityId(), flow, Math.max(0, timestampMs)));
    }
}
