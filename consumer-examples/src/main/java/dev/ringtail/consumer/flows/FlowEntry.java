package dev.ringtail.consumer.flows;

import org.jspecify.annotations.Nullable;

/// One flow of the batch at hand: its aggregate, as the last batch left it and with this batch's
/// packets added.
final class FlowEntry {
    private final FlowKey key;
    private final boolean stored;
    private final FlowAggregate open;
    private @Nullable FlowAggregate late;

    /// @param stored the aggregate that the state store has, which is changed, or null
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
