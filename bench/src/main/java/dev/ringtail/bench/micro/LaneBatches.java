package dev.ringtail.bench.micro;

import dev.ringtail.bench.rig.Broker;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.ledger.LaneCounters;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Batches of lanes that captured at the same time, their packets at random partitions.
final class LaneBatches {
    private static final int BATCH_BYTES = 64 << 10;
    private static final int BATCHES = 64;
    private static final int MAX_VALUE_BYTES = 1_000_000;
    private static final int SNAP_LENGTH = 262_144;
    private static final int FRAME_BYTES = 60;
    private static final int STEP_NS = 1_000;

    private final List<byte[]> values = new ArrayList<>();
    private final BatchPool pool = new BatchPool(BATCHES, BATCH_BYTES, () -> {});
    private final Random random = new Random(1);

    private LaneBatches() {}

    /// The values of the records.
    ///
    /// @param lanes count of lanes, each of a sensor of its own
    /// @param packets of each lane
    static List<byte[]> values(int lanes, int packets) {
        LaneBatches batches = new LaneBatches();
        for (int lane = 0; lane < lanes; lane++) {
            batches.addLane("sensor" + lane, packets);
        }
        return batches.values;
    }

    private void addLane(String sensorId, int packets) {
        BatchEncoder encoder =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        Broker.PARTITIONS,
                        MAX_VALUE_BYTES,
                        new CaptureDescriptor(
                                sensorId, "bench", 1, "bench", LinkType.ETHERNET, SNAP_LENGTH),
                        new LaneCounters(0, "bench"));
        MemorySegment frame = MemorySegment.ofArray(new byte[FRAME_BYTES]);
        long timestampNs = 0;
        for (int i = 0; i < packets; i++) {
            timestampNs += random.nextInt(2 * STEP_NS);
            take();
            if (!encoder.hasRoomFor(FRAME_BYTES, 1)) {
                throw new IllegalStateException("out of batches");
            }
            encoder.append(
                    frame,
                    0,
                    FRAME_BYTES,
                    VlanTag.NONE,
                    timestampNs,
                    FRAME_BYTES,
                    0,
                    0,
                    random.nextInt(Broker.PARTITIONS),
                    0);
        }
        encoder.closeAll();
        take();
    }

    private void take() {
        EncodedBatch batch = pool.poll();
        while (batch != null) {
            int end = batch.offset() + batch.length();
            values.add(Arrays.copyOfRange(batch.array(), batch.offset(), end));
            pool.giveBack(batch);
            batch = pool.poll();
        }
    }
}
