package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.Tally;

import java.util.Map;
import java.util.TreeMap;

/// What became of one lane's batches; guarded by [DeliveryCounters].
final class LaneDelivery {
    /// For a lane of which nothing was taken yet.
    static final long NO_PACKET = Long.MIN_VALUE;

    final TallySum taken = new TallySum();
    final TallySum inFlight = new TallySum();
    final TallySum acknowledged = new TallySum();
    final TallySum unknown = new TallySum();
    long newestPacketNs = NO_PACKET;
    private final Map<String, TallySum> rejected = new TreeMap<>();

    TallySum rejected(String reason) {
        return rejected.computeIfAbsent(reason, r -> new TallySum());
    }

    Snapshot snapshot() {
        Map<String, Tally> reasons = new TreeMap<>();
        rejected.forEach((reason, sum) -> reasons.put(reason, sum.tally()));
        return new Snapshot(
                taken.tally(), inFlight.tally(), acknowledged.tally(), unknown.tally(), reasons);
    }

    /// All terms at one moment.
    record Snapshot(
            Tally taken,
            Tally inFlight,
            Tally acknowledged,
            Tally unknown,
            Map<String, Tally> rejected) {}
}
