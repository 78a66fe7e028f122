package dev.ringtail.consumer.flows;

import org.jspecify.annotations.Nullable;

/// One flow of the batch at hand: its aggregate, as the state store had it and with the batch's
/// packets added.
final class FlowEntry {
    private final FlowKey key;
    private final boolean stored;
    private final FlowAggregate open;
    private @Nullable FlowAggregate late;

    /// @param stored the aggregate from the state store, which the entry then owns, or null
    FlowEntry(FlowKey key, @Nullable FlowAggregate stored) {
        this.key = key;
        this.stored = stored != null;
        this.open = stored != null ? stored : new FlowAggregate();
    }

    /// Which flow.
    FlowKey key() {
        return key;
    }

    /// Whether the state store has the flow.
    boolean isStored() {
        return stored;
    }

    /// The flow as it goes on.
    FlowAggregate open() {
        return open;
    }

    /// Packets of this batch from long before the flow as it goes on; null if there are none.
    @Nullable FlowAggregate late() {
        return late;
    }

    /// As [#late], made when first needed.
    FlowAggregate lateOrNew() {
        if (late == null) {
            late = new FlowAggregate();
        }
        return late;
    }
}
