package dev.ringtail.consumer.flows;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// The flows of one batch, found by [PacketFlow] so that a look-up makes no object. Open addressing
/// with linear probing, at most half full. One thread.
final class FlowTable {
    private static final int INITIAL_SLOTS = 1024;

    private final Function<FlowKey, @Nullable FlowAggregate> store;
    private final List<FlowEntry> entries = new ArrayList<>();
    private @Nullable FlowEntry[] slots = new @Nullable FlowEntry[INITIAL_SLOTS];

    /// @param store finds a flow's aggregate where it was left after the last batch; asked once a
    ///   flow and batch; what it returns is changed
    FlowTable(Function<FlowKey, @Nullable FlowAggregate> store) {
        this.store = store;
    }

    /// The entry of a packet's flow, made or fetched from the store at its first packet.
    FlowEntry entry(PacketFlow packet) {
        int mask = slots.length - 1;
        int slot = packet.hash() & mask;
        for (FlowEntry entry = slots[slot]; entry != null; entry = slots[slot]) {
            if (packet.is(entry.key())) {
                return entry;
            }
            slot = slot + 1 & mask;
        }
        FlowKey key = packet.key();
        FlowEntry entry = new FlowEntry(key, store.apply(key));
        slots[slot] = entry;
        entries.add(entry);
        if (entries.size() * 2 > slots.length) {
            grow();
        }
        return entry;
    }

    private void grow() {
        slots = new @Nullable FlowEntry[slots.length * 2];
        int mask = slots.length - 1;
        for (FlowEntry entry : entries) {
            int slot = entry.key().hashCode() & mask;
            while (slots[slot] != null) {
                slot = slot + 1 & mask;
            }
            slots[slot] = entry;
        }
    }

    /// All flows, in the order of their first packets. Valid until [#clear].
    List<FlowEntry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /// Forgets all flows.
    void clear() {
        Arrays.fill(slots, null);
        entries.clear();
    }
}
