package dev.ringtail.consumer.flows;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// The open flows of a partition: the state store, and beside it the same flows as objects. The
/// store holds bytes, of which each look-up would make an object anew, once a flow and batch.
///
/// One thread, which no other may write to the store beside.
final class OpenFlows {
    private final KeyValueStore<FlowKey, FlowAggregate> store;
    private final Map<FlowKey, FlowAggregate> aggregates = new HashMap<>();

    /// Reads the store.
    OpenFlows(KeyValueStore<FlowKey, FlowAggregate> store) {
        this.store = store;
        try (KeyValueIterator<FlowKey, FlowAggregate> stored = store.all()) {
            while (stored.hasNext()) {
                KeyValue<FlowKey, FlowAggregate> flow = stored.next();
                aggregates.put(flow.key, flow.value);
            }
        }
    }

    /// A flow's aggregate, or null if it is not open. Whoever changes it has to [#put] it.
    @Nullable FlowAggregate get(FlowKey key) {
        return aggregates.get(key);
    }

    /// Writes a flow as it is now to the store.
    ///
    /// @param flow is not copied: what [#get] gives from now on
    void put(FlowKey key, FlowAggregate flow) {
        aggregates.put(key, flow);
        store.put(key, flow);
    }

    /// Takes a flow out.
    void remove(FlowKey key) {
        aggregates.remove(key);
        store.delete(key);
    }

    /// Takes all flows out.
    void clear() {
        aggregates.keySet().forEach(store::delete);
        aggregates.clear();
    }

    /// Gives out all flows, in no order.
    void forEach(BiConsumer<FlowKey, FlowAggregate> action) {
        aggregates.forEach(action);
    }
}
