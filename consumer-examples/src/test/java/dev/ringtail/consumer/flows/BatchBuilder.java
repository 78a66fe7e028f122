package dev.ringtail.consumer.flows;

import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketType;
import dev.ringtail.schema.SingleObject;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Packet batches made by Avro's own encoder.
final class BatchBuilder {
    private final String session;
    private final int partition;
    private final long firstNumber;
    private final List<Packet> packets = new ArrayList<>();
    private long baseNs;
    private long minNs = Long.MAX_VALUE;
    private long maxNs = Long.MIN_VALUE;

    BatchBuilder(String session, long firstNumber) {
        this(session, 0, firstNumber);
    }

    BatchBuilder(String session, int partition, long firstNumber) {
        this.session = session;
        this.partition = partition;
        this.firstNumber = firstNumber;
    }

    /// Batches of one session, each flow in one partition, in order of time.
    static List<BatchBuilder> ofFlows(int partitions, String session, List<TimedPacket> packets) {
        BatchBuilder[] open = new BatchBuilder[partitions];
        List<BatchBuilder> batches = new ArrayList<>();
        for (TimedPacket packet : packets) {
            int partition = Math.floorMod(packet.undirected().hashCode(), partitions);
            BatchBuilder batch = open[partition];
            if (batch == null || batch.packetCount() == 40) {
                batch =
                        new BatchBuilder(
                                session, partition, batch == null ? 1 : batch.nextNumber());
                open[partition] = batch;
                batches.add(batch);
            }
            batch.add(packet.timestampNs(), packet.frame());
        }
        return batches;
    }

    BatchBuilder add(long timestampNs, byte[] frame) {
        return add(timestampNs, frame, frame.length);
    }

    BatchBuilder add(long timestampNs, byte[] frame, long originalLength) {
        if (packets.isEmpty()) {
            baseNs = timestampNs;
        }
        minNs = Math.min(minNs, timestampNs);
        maxNs = Math.max(maxNs, timestampNs);
        packets.add(
                Packet.newBuilder()
                        .setLaneNumberDelta(packets.isEmpty() ? 0 : 1)
                        .setTimestampOffsetNs(timestampNs - baseNs)
                        .setOriginalLength(originalLength)
                        .setPacketType(PacketType.HOST)
                        .setFlags(0)
                        .setData(ByteBuffer.wrap(frame))
                        .build());
        return this;
    }

    int partition() {
        return partition;
    }

    int packetCount() {
        return packets.size();
    }

    long nextNumber() {
        return firstNumber + packets.size();
    }

    byte[] encode() {
        return SingleObject.encode(build());
    }

    PacketBatch build() {
        return PacketBatch.newBuilder()
                .setSensorId("test")
                .setSessionId(session)
                .setCaptureId(1)
                .setInterfaceName("test0")
                .setLinkType(1)
                .setSnapLength(262144)
                .setLane(0)
                .setPartition(partition)
                .setFirstPacketNumber(firstNumber)
                .setFirstLaneNumber(firstNumber)
                .setBaseTimestampNs(baseNs)
                .setMinTimestampNs(minNs)
                .setMaxTimestampNs(maxNs)
                .setPackets(packets)
                .build();
    }
}
