package dev.ringtail.sensor.lane;

import dev.ringtail.schema.Packet;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ring.PacketRing;

import java.util.ArrayList;
import java.util.List;

/// Encodes what a ring holds into batches and decodes them with Avro's reader.
final class EncodedLab {
    private static final int BATCH_BYTES = 1 << 20;

    final LaneCounters counters = new LaneCounters(0, "e");
    final BatchPool pool = new BatchPool(16, BATCH_BYTES, () -> {});
    final BatchEncoder batches;
    final BlockEncoder encoder;

    EncodedLab(int linkType, int snapLength) {
        batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        1,
                        BATCH_BYTES,
                        new CaptureDescriptor("s", "s", 1, "e", linkType, snapLength),
                        counters);
        encoder =
                new BlockEncoder(
                        batches, counters, OwnTrafficMatcher.NONE, linkType, 1, PacketRules.ALL);
    }

    /// The packets that the ring has handed over.
    List<Packet> read(PacketRing ring) {
        List<Packet> packets = new ArrayList<>();
        while (ring.blocks().acquire()) {
            encoder.encode(ring.blocks(), 0);
            ring.blocks().release();
            batches.closeAll();
            EncodedBatch batch;
            while ((batch = pool.poll()) != null) {
                long base = AvroBatches.decode(batch).getBaseTimestampNs();
                for (Packet packet : AvroBatches.decode(batch).getPackets()) {
                    // From here on the time since 1970.
                    packet.setTimestampOffsetNs(base + packet.getTimestampOffsetNs());
                    packets.add(packet);
                }
                pool.giveBack(batch);
            }
        }
        return packets;
    }
}
