package dev.ringtail.sensor.capture;

import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.delivery.SinkStatus;
import dev.ringtail.sensor.lane.AvroBatches;
import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps the batches of all lanes, decoded; the test's thread takes them with [#collect].
final class MemorySink implements BatchDestination, BatchSink {
    private final List<BatchHandOff> handOffs = new CopyOnWriteArrayList<>();
    private final List<PacketBatch> batches = new ArrayList<>();

    /// All batches so far, in the order of each lane.
    List<PacketBatch> collect() {
        for (int lane = 0; lane < handOffs.size(); lane++) {
            collect(lane);
        }
        return batches;
    }

    /// As [#collect], but of one lane alone: the others get nothing back.
    List<PacketBatch> collect(int lane) {
        BatchHandOff handOff = handOffs.get(lane);
        EncodedBatch batch;
        while ((batch = handOff.poll()) != null) {
            batches.add(AvroBatches.decode(batch));
            handOff.giveBack(batch);
        }
        return batches;
    }

    @Override
    public int partitionCount() {
        return 1;
    }

    @Override
    public int maxBatchBytes() {
        return 1_000_000;
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
        return "memory";
    }

    @Override
    public BatchSink open(Ledger ledger, int batchBytes) {
        return this;
    }

    @Override
    public void register(BatchHandOff handOff) {
        handOffs.add(handOff);
    }

    @Override
    public void wake() {}

    @Override
    public void start() {}

    @Override
    public void drain(Duration timeout) {}

    @Override
    public void finish(SensorReport finalReport, Duration timeout) {}

    @Override
    public @Nullable Throwable failure() {
        return null;
    }

    @Override
    public SinkStatus status() {
        return SinkStatus.IDLE;
    }

    @Override
    public void close() {}
}
