package dev.ringtail.sensor.record;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.Ledger;

import org.awaitility.Awaitility;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A lane without a ring, whose packets tell their lane and number.
final class RecordedLane {
    static final String INTERFACE = "test0";
    static final int SNAP_LENGTH = 262_144;
    static final int CAPTURE_ID = 1;
    private static final int BATCH_COUNT = 12;

    private final int lane;
    private final BatchEncoder encoder;
    private final LaneCounters counters;
    private int packetCount;

    RecordedLane(int lane, int batchBytes, Ledger ledger, Recorder recorder) {
        this.lane = lane;
        this.counters = ledger.addLane(lane, INTERFACE);
        BatchPool pool = new BatchPool(BATCH_COUNT, batchBytes, recorder::wake);
        this.encoder =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        lane,
                        1,
                        Integer.MAX_VALUE,
                        new CaptureDescriptor(
                                ledger.session().sensorId(),
                                ledger.session().sessionId(),
                                CAPTURE_ID,
                                INTERFACE,
                                LinkType.ETHERNET,
                                SNAP_LENGTH),
                        counters);
        recorder.register(pool);
    }

    /// Captures a packet of so many bytes, at least 8.
    void capture(long timestampNs, int length) {
        byte[] frame = ByteBuffer.allocate(length).putInt(lane).putInt(packetCount++).array();
        if (!encoder.hasRoomFor(length, 1)) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> encoder.hasRoomFor(length, 1));
        }
        counters.kernel(1, 0, 0);
        counters.received(1, length);
        encoder.append(
                MemorySegment.ofArray(frame),
                0,
                length,
                VlanTag.NONE,
                timestampNs,
                length,
                0,
                0,
                0,
                0);
    }

    void handOver() {
        encoder.closeAll();
    }
}
