package dev.ringtail.sensor;

import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.BlockEncoder;
import dev.ringtail.sensor.lane.Lane;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ring.PacketRing;

/// Makes the lanes of a session, with numbers that are unique in it.
final class LaneFactory {
    private final SensorConfig config;
    private final BatchDestination destination;
    private final BatchBudget budget;
    private final Ledger ledger;
    private final BatchSink sink;
    private final OwnTrafficMatcher ownTraffic;
    private int nextLane;

    LaneFactory(
            SensorConfig config,
            BatchDestination destination,
            BatchBudget budget,
            Ledger ledger,
            BatchSink sink,
            OwnTrafficMatcher ownTraffic) {
        this.config = config;
        this.destination = destination;
        this.budget = budget;
        this.ledger = ledger;
        this.sink = sink;
        this.ownTraffic = ownTraffic;
    }

    SensorConfig config() {
        return config;
    }

    Lane create(InterfaceCapture capture, PacketRing ring) {
        int lane = nextLane++;
        LaneCounters counters = ledger.addLane(lane, capture.target().name());
        BatchPool pool = new BatchPool(budget.batchCount(), budget.batchBytes(), sink::wake);
        sink.register(pool);
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        lane,
                        destination.partitionCount(),
                        destination.maxBatchBytes(),
                        capture.descriptor(config, ledger.session().sessionId()),
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(
                        batches,
                        counters,
                        ownTraffic,
                        capture.linkType(),
                        destination.partitionCount(),
                        capture.keepOutgoing());
        return new Lane(ring, batches, encoder, counters, config.batch().maxAge().duration());
    }
}
