package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.ringtail.schema.Packet;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Blocks whose lengths and offsets were broken at random: nothing outside the block is read, every
/// packet is encoded or counted as malformed, and what is published can be decoded.
class BlockEncoderFuzzTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 2, 10);
    private static final int BLOCKS = 5_000;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int PARTITIONS = 4;

    @Test
    void countsWhatIsBrokenAndReadsNothingOutside() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LaneCounters counters = new LaneCounters(0, "fuzz");
        BatchPool pool = new BatchPool(64, BATCH_BYTES, () -> {});
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        0,
                        PARTITIONS,
                        1_000_000,
                        new CaptureDescriptor("s", "s", 1, "e", 1, 262_144),
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(
                        batches, counters, OwnTrafficMatcher.NONE, 1, PARTITIONS, PacketRules.ALL);
        long decoded = 0;
        try (Arena arena = Arena.ofConfined()) {
            // No larger than the ring: any access outside it throws.
            MemorySegment memory = arena.allocate(GEOMETRY.lengthBytes(), 4096);
            RingWriter writer = new RingWriter(memory, GEOMETRY);
            BlockRing ring = new BlockRing(memory, GEOMETRY);
            for (int block = 0; block < BLOCKS; block++) {
                fill(writer, random);
                breakHeaders(memory, block % GEOMETRY.blockCount(), random);
                assertThat(ring.acquire()).as("seed %d, block %d", seed, block).isTrue();
                encoder.encode(ring, 0);
                ring.release();
                batches.closeAll();
                decoded += drain(pool);
            }
        }

        assertThat(counters.packets(LaneTerm.MALFORMED)).as("seed %d", seed).isPositive();
        assertThat(counters.packets(LaneTerm.PUBLISHED)).as("seed %d", seed).isEqualTo(decoded);
        assertThat(counters.packets(LaneTerm.RECEIVED))
                .as("seed %d", seed)
                .isEqualTo(decoded + counters.packets(LaneTerm.MALFORMED));
        assertThat(counters.bytes(LaneTerm.RECEIVED))
                .as("seed %d", seed)
                .isEqualTo(
                        counters.bytes(LaneTerm.PUBLISHED)
                                + counters.bytes(LaneTerm.CUT)
                                + counters.bytes(LaneTerm.MALFORMED));
    }

    private static void fill(RingWriter writer, Random random) {
        int frames = 1 + random.nextInt(40);
        for (int i = 0; i < frames; i++) {
            byte[] data = new byte[random.nextInt(1600)];
            random.nextBytes(data);
            writer.add(
                    new SyntheticFrame(
                            data, data.length, 1, random.nextInt(6), random.nextInt(), 7, 0x8100));
        }
        writer.closeBlock();
    }

    /// Overwrites some of the block's and the frames' header fields.
    private static void breakHeaders(MemorySegment memory, int block, Random random) {
        long start = (long) block * GEOMETRY.blockBytes();
        if (random.nextInt(3) == 0) {
            long[] blockFields = {12, 16, 20};
            memory.set(
                    JAVA_INT_UNALIGNED,
                    start + blockFields[random.nextInt(3)],
                    random.nextBoolean() ? random.nextInt() : random.nextInt(200_000));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            memory.set(
                    JAVA_INT_UNALIGNED,
                    start + 48 + random.nextInt(4000),
                    random.nextBoolean() ? random.nextInt() : random.nextInt(200_000));
        }
    }

    private static long drain(BatchPool pool) {
        long packets = 0;
        EncodedBatch batch = pool.poll();
        while (batch != null) {
            for (Packet packet : AvroBatches.decode(batch).getPackets()) {
                packets++;
                assertThat(packet.getPacketType()).isNotNull();
            }
            pool.giveBack(batch);
            batch = pool.poll();
        }
        return packets;
    }
}
