package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Picks the largest of the open flows out of a running application.
final class BusiestFlows {
    private static final Comparator<KeyValue<FlowKey, FlowAggregate>> BY_OCTETS =
            Comparator.comparingLong(flow -> flow.value.octets(true) + flow.value.octets(false));

    private BusiestFlows() {}

    /// The open flows with most octets, most first; none while the store can't be asked.
    static List<FlowRecord> of(KafkaStreams streams, int count) {
        if (count <= 0 || streams.state() != KafkaStreams.State.RUNNING) {
            return List.of();
        }
        try {
            ReadOnlyKeyValueStore<FlowKey, FlowAggregate> store =
                    streams.store(
                            StoreQueryParameters.fromNameAndType(
                                    FlowTopology.FLOWS_STORE, QueryableStoreTypes.keyValueStore()));
            return largest(store, count);
        } catch (InvalidStateStoreException e) {
            // Partitions are moving; the next look will find them.
            return List.of();
        }
    }

    private static List<FlowRecord> largest(
            ReadOnlyKeyValueStore<FlowKey, FlowAggregate> store, int count) {
        PriorityQueue<KeyValue<FlowKey, FlowAggregate>> largest = new PriorityQueue<>(BY_OCTETS);
        try (KeyValueIterator<FlowKey, FlowAggregate> flows = store.all()) {
            while (flows.hasNext()) {
                largest.add(flows.next());
                if (largest.size() > count) {
                    largest.remove();
                }
            }
        }
        List<KeyValue<FlowKey, FlowAggregate>> sorted = new ArrayList<>(largest);
        sorted.sort(BY_OCTETS.reversed());
        FlowRecordFactory records = new FlowRecordFactory();
        return sorted.stream()
                .map(flow -> records.record(flow.key, flow.value, FlowEndReason.UNKNOWN))
                .toList();
    }
}
