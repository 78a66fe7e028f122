package dev.ringtail.sensor.publish;

import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.Ledger;

import org.awaitility.Awaitility;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// A lane without a ring: encodes frames that a test gives it.
final class TestLane {
    static final int PARTITION_COUNT = 4;
    private static final int BATCH_COUNT = 12;

    private final BatchPool pool;
    private final BatchEncoder encoder;
    private final LaneCounters counters;

    TestLane(int lane, int batchBytes, int maxValueBytes, Ledger ledger, Publisher publisher) {
        this.counters = ledger.addLane(lane, "test" + lane);
        this.pool = new BatchPool(BATCH_COUNT, batchBytes, publisher::wake);
        this.encoder =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        lane,
                        PARTITION_COUNT,
                        maxValueBytes,
                        new CaptureDescriptor(
                                ledger.session().sensorId(),
                                ledger.session().sessionId(),
                                1,
                                "test" + lane,
                                1,
                                262144),
                        counters);
        publisher.register(pool);
    }

    void capture(byte[] frame, long timestampNs, int partition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofMinutes(1))
                .until(() -> encoder.hasRoomFor(frame.length, 1));
        counters.kernel(1, 0, 0);
        counters.received(1, frame.length);
        encoder.append(
                MemorySegment.ofArray(frame),
                0,
                frame.length,
                VlanTag.NONE,
                timestampNs,
                frame.length,
                0,
                0,
                partition,
                0);
    }

    void handOver() {
        encoder.closeAll();
    }
}
