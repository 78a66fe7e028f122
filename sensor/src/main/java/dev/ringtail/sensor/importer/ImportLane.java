package dev.ringtail.sensor.importer;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.WireFormat;
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

    /// Of a topic with so many partitions that [#MEMORY_BYTES] don't do. Batches are halved down to
    /// 16 KiB, so below twice that.
    private static final long SMALL_BATCH_BYTES = 32L << 10;

    /// Batches beside those of the partitions, above what [BatchBudget] wants for a burst.
    private static final int SPARE_BATCHES = 64;

    /// Part of the heap that batches may take; the producer and the reader need theirs.
    private static final int HEAP_SHARE = 2;

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
            WireFormat wireFormat,
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
                        wireFormat,
                        LANE,
                        session.partitionCount(),
                        maxRecordBytes,
                        current.descriptor(session.sensorId(), session.sessionId()),
                        counters);
        publisher.register(pool);
    }

    /// The memory for batches, which grows with the partitions: each may have a batch open and one
    /// on its way.
    ///
    /// @param heapBytes most memory that the JVM may use
    /// @throws ImportException if the batches would not fit into it
    static BatchBudget budget(
            int batchBytes, int maxRecordBytes, int partitionCount, long heapBytes) {
        long memoryBytes =
                Math.max(MEMORY_BYTES, (2L * partitionCount + SPARE_BATCHES) * SMALL_BATCH_BYTES);
        if (memoryBytes > MEMORY_BYTES && memoryBytes > heapBytes / HEAP_SHARE) {
            throw new ImportException(
                    ("Import into a topic of %,d partitions takes %,d MiB for packet batches, and"
                                    + " Java may use %,d MiB in all; give it more with"
                                    + " RINGTAIL_JAVA_OPTS=-Xmx%dm")
                            .formatted(
                                    partitionCount,
                                    memoryBytes >> 20,
                                    heapBytes >> 20,
                                    (HEAP_SHARE * memoryBytes >> 20) + 1),
                    null);
        }
        return BatchBudget.share(
                memoryBytes, batchBytes, maxRecordBytes, 1, partitionCount, batchBytes);
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
        encoder.announce();
        return true;
    }

    /// Hands over what is still open.
    void finish() {
        encoder.closeAll();
    }
}
