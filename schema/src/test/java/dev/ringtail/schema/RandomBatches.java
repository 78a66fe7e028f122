package dev.ringtail.schema;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Seeded random batches that keep to what the schema promises.
final class RandomBatches {
    private static final List<PacketType> TYPES = List.of(PacketType.values());

    private RandomBatches() {}

    static PacketBatch next(Random random) {
        int count = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(200);
        long base = random.nextLong(4_000_000_000_000_000_000L);
        long min = base;
        long max = base;
        List<Packet> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long offset = i == 0 ? 0 : random.nextLong(-1L << random.nextInt(40), 1L << 40);
            min = Math.min(min, base + offset);
            max = Math.max(max, base + offset);
            packets.add(packet(random, i == 0 ? 0 : 1 + random.nextLong(1L << 20), offset));
        }
        return PacketBatch.newBuilder()
                .setSensorId(text(random))
                .setSessionId(text(random))
                .setCaptureId(random.nextInt())
                .setInterfaceName(text(random))
                .setLinkType(random.nextInt(300))
                .setSnapLength(random.nextInt(Integer.MAX_VALUE))
                .setLane(random.nextInt(1 << random.nextInt(31)))
                .setPartition(random.nextInt(1 << random.nextInt(31)))
                .setFirstPacketNumber(1 + random.nextLong(1L << (1 + random.nextInt(60))))
                .setFirstLaneNumber(1 + random.nextLong(1L << (1 + random.nextInt(60))))
                .setBaseTimestampNs(base)
                .setMinTimestampNs(min)
                .setMaxTimestampNs(max)
                .setPackets(packets)
                .build();
    }

    /// A record's value whose packets are in blocks of a negative count and a size, once a block is
    /// full.
    static byte[] encodeInBlocks(PacketBatch batch, int blockBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(SingleObject.header(PacketBatch.getClassSchema()));
        BinaryEncoder encoder =
                new EncoderFactory()
                        .configureBlockSize(blockBytes)
                        .blockingBinaryEncoder(out, null);
        new SpecificDatumWriter<PacketBatch>(PacketBatch.getClassSchema()).write(batch, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Packet packet(Random random, long laneNumberDelta, long timestampOffsetNs) {
        byte[] data = new byte[random.nextInt(100) == 0 ? 65_536 : random.nextInt(200)];
        random.nextBytes(data);
        return Packet.newBuilder()
                .setLaneNumberDelta(laneNumberDelta)
                .setTimestampOffsetNs(timestampOffsetNs)
                .setOriginalLength(data.length + random.nextLong(1L << 33))
                .setPacketType(TYPES.get(random.nextInt(TYPES.size())))
                .setFlags(random.nextInt())
                .setData(ByteBuffer.wrap(data))
                .build();
    }

    private static String text(Random random) {
        return random.nextInt(10) == 0 ? "" : "séñsor-" + Integer.toHexString(random.nextInt());
    }
}
