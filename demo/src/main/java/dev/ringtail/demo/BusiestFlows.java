package dev.ringtail.demo;

import dev.ringtail.schema.FlowRecord;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The flows that moved the most bytes of late. Holds the records of a few seconds, and not more
/// than a fixed count of them. For one thread.
final class BusiestFlows {
    private static final long WINDOW_NS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_RECORDS = 50_000;

    private record Arrival(long atNs, FlowRecord record) {}

    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    /// Takes a record of the flow analysis.
    ///
    /// @param nowNs a clock that only goes forward, nanoseconds
    void add(FlowRecord record, long nowNs) {
        arrivals.addLast(new Arrival(nowNs, record));
        if (arrivals.size() > MAX_RECORDS) {
            arrivals.removeFirst();
        }
    }

    /// The busiest flows, busiest first.
    List<BusyFlow> top(int count, long nowNs) {
        while (!arrivals.isEmpty() && nowNs - arrivals.getFirst().atNs() > WINDOW_NS) {
            arrivals.removeFirst();
        }
        Map<String, BusyFlow> flows = new HashMap<>();
        for (Arrival arrival : arrivals) {
            flows.merge(
                    arrival.record().getCommunityId(),
                    BusyFlow.of(arrival.record()),
                    BusyFlow::plus);
        }
        return flows.values().stream()
                .sorted(Comparator.comparingLong(BusyFlow::octets).reversed())
                .limit(count)
                .toList();
    }
}
