package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.BlockEncoder;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.Lane;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ring.PacketRing;

/// Makes the lanes of a session, with numbers that are unique in it. Capture thread only.
public final class LaneFactory {
    private final SensorConfig config;
    private final BatchDestination destination;
    private final BatchBudget budget;
    private final Ledger ledger;
    private final BatchSink sink;
    private final OwnTrafficMatcher ownTraffic;
    private int nextLane;

    /// @param sink takes the lanes' batches
    public LaneFactory(
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

    /// Opens the account of another lane.
    ///
    /// @param capture what its first packets belong to
    LaneAccount open(CaptureDescriptor capture) {
        int lane = nextLane++;
        LaneCounters counters = ledger.addLane(lane, capture.interfaceName());
        BatchPool pool = new BatchPool(budget.batchCount(), budget.batchBytes(), sink::wake);
        sink.register(pool);
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        destination.wireFormat(),
                        lane,
                        destination.partitionCount(),
                        destination.maxBatchBytes(),
                        capture,
                        counters);
        return new LaneAccount(counters, batches);
    }

    /// A lane that reads a ring on a lane's account.
    Lane lane(LaneAccount account, Attachment attachment, PacketRing ring) {
        BlockEncoder encoder =
                new BlockEncoder(
                        account.batches(),
                        account.counters(),
                        ownTraffic,
                        attachment.linkType(),
                        destination.partitionCount(),
                        attachment.rules());
        return new Lane(
                ring,
                account.batches(),
                encoder,
                account.counters(),
                config.batch().maxAge().duration());
    }
}
