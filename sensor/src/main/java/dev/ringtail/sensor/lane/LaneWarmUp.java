package dev.ringtail.sensor.lane;

import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.BpfMachine;
import dev.ringtail.sensor.ring.KernelFilter;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Random;

/// Runs a throw-away lane over a synthetic ring before a capture begins, so that the first packets
/// are not read by the interpreter, which is up to 200 times slower and loses them: a cold JVM lost
/// 11 to 15 % of the first second.
public final class LaneWarmUp {
    private static final RingGeometry GEOMETRY = new RingGeometry(256 << 10, 4, 10);
    private static final int PARTITIONS = 16;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int[] FRAME_BYTES = {60, 60, 60, 128, 590, 1514};
    private static final int MAX_ROUNDS = 2_000;

    private static final int RECHECK_ROUNDS = 16;

    private LaneWarmUp() {}

    /// Encodes synthetic packets for a while, on the calling thread.
    ///
    /// @param duration for how long, at most
    /// @param ownTraffic the matcher that the lanes will ask
    /// @param rules what the lanes will keep; outgoing packets are both kept and left out meanwhile
    public static void run(Duration duration, OwnTrafficMatcher ownTraffic, PacketRules rules) {
        LaneCounters counters = new LaneCounters(0, "");
        BatchPool pool =
                new BatchPool(
                        2 * PARTITIONS
                                + BatchEncoder.mostClosedBy(GEOMETRY.blockBytes(), BATCH_BYTES),
                        BATCH_BYTES,
                        () -> {});
        CaptureDescriptor capture = new CaptureDescriptor("", "", 1, "", 1, 262_144);
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        PARTITIONS,
                        BATCH_BYTES,
                        capture,
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(batches, counters, ownTraffic, 1, PARTITIONS, rules);
        PacketRules incoming = new PacketRules(false, rules.headersOnly(), rules.sampledOneIn());
        BlockEncoder incomingEncoder =
                new BlockEncoder(batches, counters, ownTraffic, 1, PARTITIONS, incoming);
        BpfMachine everything = new BpfMachine(KernelFilter.compile("", "", 262_144, true));
        long endNs = System.nanoTime() + duration.toNanos();
        // A shared arena, as a kernel's ring has: for another kind the JIT would compile other
        // code.
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(GEOMETRY.lengthBytes(), 4096);
            RingWriter writer = new RingWriter(memory, GEOMETRY);
            BlockRing ring = new BlockRing(memory, GEOMETRY);
            Random random = new Random(1);
            for (int round = 0; round < MAX_ROUNDS && System.nanoTime() < endNs; round++) {
                fillBlock(writer, random);
                // A change of filter must not cost the code that was compiled.
                encoder.recheck(round % RECHECK_ROUNDS == 0 ? everything : null);
                readBlock(ring, round % 2 == 0 ? encoder : incomingEncoder);
                batches.closeOpenedBefore(System.nanoTime());
                returnBatches(pool);
            }
        }
    }

    private static void fillBlock(RingWriter writer, Random random) {
        boolean room = true;
        while (room) {
            room = writer.add(frame(random));
        }
        writer.closeBlock();
    }

    private static SyntheticFrame frame(Random random) {
        byte[] data = new byte[FRAME_BYTES[random.nextInt(FRAME_BYTES.length)]];
        boolean ipv6 = random.nextInt(4) == 0;
        data[12] = (byte) (ipv6 ? 0x86 : 0x08);
        data[13] = (byte) (ipv6 ? 0xdd : 0x00);
        data[14] = (byte) (ipv6 ? 0x60 : 0x45);
        data[ipv6 ? 20 : 23] = (byte) (random.nextBoolean() ? 6 : 17);
        // On loopback both addresses are often the same.
        boolean toItself = random.nextInt(4) == 0;
        for (int i = 0; i < 4; i++) {
            data[26 + i] = (byte) random.nextInt();
            data[(ipv6 ? 42 : 30) + i] = toItself ? data[26 + i] : (byte) random.nextInt();
        }
        int status =
                random.nextInt(16) == 0
                        ? PacketConstants.TP_STATUS_VLAN_VALID
                        : PacketConstants.TP_STATUS_TS_SOFTWARE;
        int packetType = random.nextInt(16) == 0 ? PacketConstants.PACKET_OUTGOING : 0;
        return new SyntheticFrame(
                data, data.length, System.nanoTime(), packetType, status, 5, 0x8100);
    }

    private static void readBlock(BlockRing ring, BlockEncoder encoder) {
        if (ring.acquire()) {
            encoder.encode(ring, System.nanoTime());
            ring.release();
        }
    }

    private static void returnBatches(BatchPool pool) {
        EncodedBatch batch;
        while ((batch = pool.poll()) != null) {
            pool.giveBack(batch);
        }
    }
}
