package dev.ringtail.consumer.testing;

import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.PacketType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Packet batches for tests, built by Avro's own classes.
public final class Batches {
    /// A packet before it is put into a batch.
    ///
    /// @param laneNumber as in PacketBatch
    /// @param timestampNs capture time
    /// @param payload what the frame carries, told apart by tests
    public record TestPacket(long laneNumber, long timestampNs, String payload) {}

    private Batches() {}

    /// An Ethernet frame of an experimental type with some text in it.
    public static byte[] frame(String payload) {
        byte[] text = payload.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(Math.max(60, 14 + text.length));
        frame.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}).putShort((short) 0x88b5);
        frame.put(text);
        return frame.array();
    }

    /// A batch of packets with rising lane numbers, at least one.
    public static PacketBatch batch(
            String sensor,
            String session,
            int lane,
            int partition,
            long firstPacketNumber,
            List<TestPacket> packets) {
        long base = packets.getFirst().timestampNs();
        long laneNumber = packets.getFirst().laneNumber();
        List<Packet> encoded = new ArrayList<>();
        for (TestPacket packet : packets) {
            byte[] frame = frame(packet.payload());
            encoded.add(
                    Packet.newBuilder()
                            .setLaneNumberDelta(packet.laneNumber() - laneNumber)
                            .setTimestampOffsetNs(packet.timestampNs() - base)
                            .setOriginalLength(frame.length + 10)
                            .setPacketType(PacketType.HOST)
                            .setFlags(PacketFlags.FILE << PacketFlags.TIMESTAMP_SOURCE_SHIFT)
                            .setData(ByteBuffer.wrap(frame))
                            .build());
            laneNumber = packet.laneNumber();
        }
        return PacketBatch.newBuilder()
                .setSensorId(sensor)
                .setSessionId(session)
                .setCaptureId(1)
                .setInterfaceName("eth" + lane)
                .setLinkType(1)
                .setSnapLength(262_144)
                .setLane(lane)
                .setPartition(partition)
                .setFirstPacketNumber(firstPacketNumber)
                .setFirstLaneNumber(packets.getFirst().laneNumber())
                .setBaseTimestampNs(base)
                .setMinTimestampNs(
                        packets.stream().mapToLong(TestPacket::timestampNs).min().orElseThrow())
                .setMaxTimestampNs(
                        packets.stream().mapToLong(TestPacket::timestampNs).max().orElseThrow())
                .setPackets(encoded)
                .build();
    }
}
