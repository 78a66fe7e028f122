package dev.ringtail.consumer.flows;

import org.jspecify.annotations.Nullable;

/// One flow of the batch at hand: its aggregate, as the last batch left it and with this batch's
/// packets added.
final class FlowEntry {
    private final FlowKey key;
    private final boolean known;
    private final FlowAggregate open;
    private @Nullable FlowAggregate late;

    /// @param known the aggregate of a flow that is open, which is changed, or null
    FlowEntry(FlowKey key, @Nullable FlowAggregate known) {
        this.key = key;
        this.known = known != null;
        this.open = known != null ? known : new FlowAggregate();
    }

    /// Which flow.
    FlowKey key() {
        return key;
    }

    /// Whether the flow was open before the batch.
    boolean wasOpen() {
        return known;
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
