package dev.ringtail.sensor.lane;

import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ring.PacketRing;
import dev.ringtail.sensor.ring.RingReader;

import java.util.ArrayList;
import java.util.List;

/// Encodes what a ring holds into batches and decodes them with Avro's reader.
final class EncodedLab {
    private static final int BATCH_BYTES = 1 << 20;

    final LaneCounters counters = new LaneCounters(0, "e");
    final BatchPool pool;
    final BatchEncoder batches;
    final BlockEncoder encoder;

    EncodedLab(int linkType, int snapLength) {
        this(linkType, snapLength, BATCH_BYTES, OwnTrafficMatcher.NONE);
    }

    EncodedLab(int linkType, int snapLength, int batchBytes, OwnTrafficMatcher ownTraffic) {
        pool = new BatchPool(16, batchBytes, () -> {});
        batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        1,
                        batchBytes,
                        new CaptureDescriptor("s", "s", 1, "e", linkType, snapLength),
                        counters);
        encoder = new BlockEncoder(batches, counters, ownTraffic, linkType, 1, PacketRules.ALL);
    }

    /// The packets that the ring has handed over.
    List<Packet> read(PacketRing ring) {
        List<Packet> packets = new ArrayList<>();
        while (ring.blocks().acquire()) {
            RingReader block = ring.blocks();
            encoder.encode(block, 0);
            // What the kernel may do once it has the block back.
            MEMORY.asSlice(block.firstPacket(), block.blockEnd() - block.firstPacket())
                    .fill((byte) 0xff);
            block.release();
            batches.closeAll();
            packets.addAll(handedOver());
        }
        return packets;
    }

    /// The packets of the batches that the publisher may take by now.
    List<Packet> handedOver() {
        List<Packet> packets = new ArrayList<>();
        EncodedBatch batch;
        while ((batch = pool.poll()) != null) {
            PacketBatch decoded = AvroBatches.decode(batch);
            for (Packet packet : decoded.getPackets()) {
                // From here on the time since 1970.
                packet.setTimestampOffsetNs(
                        decoded.getBaseTimestampNs() + packet.getTimestampOffsetNs());
                packets.add(packet);
            }
            pool.giveBack(batch);
        }
        return packets;
    }
}
