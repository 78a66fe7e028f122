package dev.ringtail.consumer.flows;

import java.util.PriorityQueue;

/// When each stored flow has to be looked at again, earliest first: so that ending idle flows costs
/// what ends, not what is stored. One entry a stored flow. A packet does not move its flow's entry;
/// whoever finds a flow that goes on when its time has come puts it back at a later one.
///
/// Kept on the heap alone, and filled from the state store when a task starts. One thread.
final class ExpiryIndex {
    private final PriorityQueue<Expiry> queue = new PriorityQueue<>();

    private record Expiry(long atNs, FlowKey key) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            return Long.compare(atNs, other.atNs);
        }
    }

    /// Adds a flow, which must not have an entry.
    void add(long atNs, FlowKey key) {
        queue.add(new Expiry(atNs, key));
    }

    /// Whether a flow's time has come at `nowNs`.
    boolean isDue(long nowNs) {
        Expiry head = queue.peek();
        return head != null && head.atNs <= nowNs;
    }

    /// Takes out the flow whose time comes first.
    ///
    /// @throws java.util.NoSuchElementException if there are none
    FlowKey remove() {
        return queue.remove().key;
    }

    /// Takes out all flows.
    void clear() {
        queue.clear();
    }
}
