package dev.ringtail.bench.ours;

import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.ledger.Ledger;

import java.util.List;

/// Takes batches as Kafka would, and forgets them.
///
/// @param partitionCount as many as it says that it has
record DiscardDestination(int partitionCount) implements BatchDestination {
    /// What Kafka's default `max.request.size` leaves for a value.
    private static final int MAX_BATCH_BYTES = (1 << 20) - 1024;

    @Override
    public int maxBatchBytes() {
        return MAX_BATCH_BYTES;
    }

    @Override
    public WireFormat wireFormat() {
        return WireFormat.SINGLE_OBJECT;
    }

    @Override
    public String weakened() {
        return "";
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public String description() {
        return "nowhere, as " + partitionCount + " partitions";
    }

    @Override
    public BatchSink open(Ledger ledger, int batchBytes) {
        return new DiscardSink(ledger.delivery());
    }
}
