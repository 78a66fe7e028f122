package dev.ringtail.sensor.record;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.sensor.ledger.BatchFacts;

/// Consecutive packets of a lane that have one outcome together, wherever batches begin and end.
final class PacketRun {
    private int lane;
    private int partition;
    private long firstPacketNumber;
    private int packetCount;
    private long dataBytes;
    private long minTimestampNs;
    private long maxTimestampNs;

    /// Adds a batch's present packet.
    void add(PacketBatchReader packet) {
        long timestampNs = packet.timestampNs();
        if (packetCount == 0) {
            lane = packet.lane();
            partition = packet.partition();
            firstPacketNumber = packet.packetNumber();
            minTimestampNs = timestampNs;
            maxTimestampNs = timestampNs;
        } else {
            minTimestampNs = Math.min(minTimestampNs, timestampNs);
            maxTimestampNs = Math.max(maxTimestampNs, timestampNs);
        }
        packetCount++;
        dataBytes += packet.dataLength();
    }

    boolean isEmpty() {
        return packetCount == 0;
    }

    /// The packets for the ledger; the run is empty afterwards.
    BatchFacts take() {
        BatchFacts facts =
                new BatchFacts(
                        lane,
                        partition,
                        firstPacketNumber,
                        packetCount,
                        dataBytes,
                        minTimestampNs,
                        maxTimestampNs);
        packetCount = 0;
        dataBytes = 0;
        return facts;
    }
}
