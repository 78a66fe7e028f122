package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// A task that Kafka Streams revives: the same processor, its stores as they were committed last.
class FlowRevivalTest {
    private static final long START_NS = 1_700_000_000_000_000_000L;

    private final MockProcessorContext<String, FlowRecord> context = new MockProcessorContext<>();
    private final KeyValueStore<FlowKey, FlowAggregate> flows = add(FlowTopology.flowsStore());
    private final KeyValueStore<String, StreamProgress> streams = add(FlowTopology.streamsStore());
    private final FlowCounters counters = new FlowCounters();
    private final EndOfInput endOfInput = new EndOfInput();
    private final FlowProcessor processor =
            new FlowProcessor(FlowTimeouts.DEFAULT, counters, endOfInput, SchemaLookup.NONE);

    private <K, V> KeyValueStore<K, V> add(StoreBuilder<KeyValueStore<K, V>> builder) {
        KeyValueStore<K, V> store = builder.withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return store;
    }

    @Test
    void countsABatchOnceThatItReadsAgain() {
        processor.init(context);
        process(1, 2);
        List<KeyValue<FlowKey, FlowAggregate>> committedFlows = all(flows);
        List<KeyValue<String, StreamProgress>> committedStreams = all(streams);
        process(3, 5);
        assertThat(packets()).isEqualTo(7);

        processor.close();
        restore(flows, committedFlows);
        restore(streams, committedStreams);
        processor.init(context);
        assertThat(packets()).isEqualTo(2);
        process(3, 5);

        assertThat(packets()).isEqualTo(7);
        assertThat(counters.restarts()).isEqualTo(1);
    }

    /// What it has written was not committed, or it would not have been revived.
    @Test
    void writesItsOpenFlowsAgainAtTheEndOfInput() {
        processor.init(context);
        process(1, 2);
        List<KeyValue<FlowKey, FlowAggregate>> committedFlows = all(flows);
        endOfInput.reach();
        look();
        assertThat(context.forwarded()).hasSize(1);

        restore(flows, committedFlows);
        processor.init(context);
        look();

        assertThat(context.forwarded()).hasSize(2);
        assertThat(isFlushed()).isFalse();
        look();
        assertThat(isFlushed()).isTrue();
        processor.init(context);
        assertThat(isFlushed()).isFalse();
    }

    private boolean isFlushed() {
        return endOfInput.isFlushed(List.of(context.taskId()));
    }

    /// Lets the processor look, as it has asked to be let last.
    private void look() {
        context.scheduledPunctuators().getLast().getPunctuator().punctuate(0);
    }

    private void process(long firstNumber, int count) {
        BatchBuilder batch = new BatchBuilder("s", firstNumber);
        for (long number = firstNumber; number < firstNumber + count; number++) {
            batch.add(START_NS + number, Frames.udp("10.0.0.1", 1, "10.0.0.2", 2, 10));
        }
        processor.process(new Record<>(new byte[0], batch.encode(), 0));
    }

    private long packets() {
        return all(flows).stream().mapToLong(flow -> flow.value.packets(true)).sum();
    }

    private static <K, V> List<KeyValue<K, V>> all(KeyValueStore<K, V> store) {
        List<KeyValue<K, V>> all = new ArrayList<>();
        try (KeyValueIterator<K, V> stored = store.all()) {
            stored.forEachRemaining(all::add);
        }
        return all;
    }

    private static <K, V> void restore(KeyValueStore<K, V> store, List<KeyValue<K, V>> committed) {
        all(store).forEach(entry -> store.delete(entry.key));
        committed.forEach(entry -> store.put(entry.key, entry.value));
    }
}
