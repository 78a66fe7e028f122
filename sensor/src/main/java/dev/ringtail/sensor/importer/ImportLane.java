package dev.ringtail.sensor.importer;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.FlowPartitioner;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;
import dev.ringtail.sensor.publish.Publisher;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The lane of a capture file: its packets take the way of a ring's into batches, but for the
/// clock. Batches are closed when they are full, never by age, so that the same file makes the same
/// batches.
final class ImportLane {
    static final int LANE = 0;

    private static final long MEMORY_BYTES = 32L << 20;
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int TIMESTAMP_FROM_FILE =
            PacketFlags.FILE << PacketFlags.TIMESTAMP_SOURCE_SHIFT;

    private final FrameParser frame = new FrameParser();
    private final FileSurvey survey;
    private final SessionFacts session;
    private final LaneCounters counters;
    private final BatchEncoder encoder;
    private SurveyedInterface current;

    /// @param budget what the lane's batches may take
    ImportLane(
            FileSurvey survey,
            String fileName,
            BatchBudget budget,
            int maxRecordBytes,
            Ledger ledger,
            Publisher publisher) {
        this.survey = survey;
        this.session = ledger.session();
        this.counters = ledger.addLane(LANE, fileName);
        this.current = survey.interfaces().values().iterator().next();
        BatchPool pool = new BatchPool(budget.batchCount(), budget.batchBytes(), publisher::wake);
        this.encoder =
                new BatchEncoder(
                        pool,
                        LANE,
                        session.partitionCount(),
                        maxRecordBytes,
                        current.descriptor(session.sensorId(), session.sessionId()),
                        counters);
        publisher.register(pool);
    }

    static BatchBudget budget(int batchBytes, int maxRecordBytes, int partitionCount) {
        return BatchBudget.share(
                MEMORY_BYTES, batchBytes, maxRecordBytes, 1, partitionCount, batchBytes);
    }

    /// Takes over the packet that the reader is at, once there is room for it.
    ///
    /// @param givenUp ends the wait
    /// @return false if the wait was given up
    boolean add(CaptureFileReader packet, BooleanSupplier givenUp) {
        while (!encoder.hasRoomFor(packet.dataLength(), 1)) {
            if (givenUp.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(this, WAIT_NS);
        }
        SurveyedInterface from = survey.interfaces().getOrDefault(packet.interfaceIndex(), current);
        if (from.captureId() != current.captureId()) {
            encoder.beginCapture(from.descriptor(session.sensorId(), session.sessionId()));
            current = from;
        }
        MemorySegment data = MemorySegment.ofArray(packet.data());
        frame.parse(data, packet.dataOffset(), packet.dataLength(), packet.linkType());
        counters.kernel(1, 0, 0);
        counters.received(1, packet.dataLength());
        encoder.append(
                data,
                packet.dataOffset(),
                packet.dataLength(),
                VlanTag.NONE,
                packet.timestampNs(),
                packet.originalLength(),
                packet.packetType(),
                TIMESTAMP_FROM_FILE,
                FlowPartitioner.partition(frame, packet.linkType(), session.partitionCount()),
                0);
        return true;
    }

    /// Hands over what is still open.
    void finish() {
        encoder.closeAll();
    }
}
