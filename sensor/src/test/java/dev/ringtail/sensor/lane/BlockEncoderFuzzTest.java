package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.GuardedMemory;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;
import dev.ringtail.testing.Frames;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// A million blocks whose lengths and offsets were broken at random: nothing outside the ring is
/// read, every packet is encoded or counted as malformed, and what is published can be decoded.
class BlockEncoderFuzzTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 2, 10);
    private static final int BLOCKS = 1_000_000;

    /// Blocks whose batches are decoded as well, by Avro's reader, which takes its time.
    private static final int DECODED_BLOCKS = 5_000;

    private static final int MAX_FRAMES = 24;
    private static final int MAX_FRAME_BYTES = 128;
    private static final byte[] PLAIN_HEADERS =
            Frames.ethernet("0800", Frames.ipv4(17, 0, "1234 0035"));
    private static final int ROOM_BYTES = 16;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int PARTITIONS = 4;

    @ParameterizedTest
    @ValueSource(ints = {LinkType.ETHERNET, LinkType.LINUX_SLL2})
    void countsWhatIsBrokenAndReadsNothingOutside(int linkType) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LaneCounters counters = new LaneCounters(0, "fuzz");
        BatchPool pool = new BatchPool(64, BATCH_BYTES, () -> {});
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        PARTITIONS,
                        1_000_000,
                        new CaptureDescriptor("s", "s", 1, "e", linkType, 262_144),
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(
                        batches,
                        counters,
                        OwnTrafficMatcher.NONE,
                        linkType,
                        PARTITIONS,
                        PacketRules.ALL);
        long published = 0;
        try (Arena arena = Arena.ofConfined()) {
            // Read by address: an access outside the ring ends this JVM.
            MemorySegment memory =
                    GuardedMemory.allocate(LibC.load(), GEOMETRY.lengthBytes(), arena);
            RingWriter writer = new RingWriter(memory, GEOMETRY);
            BlockRing ring = new BlockRing(memory, GEOMETRY);
            for (int block = 0; block < BLOCKS; block++) {
                fill(writer, random);
                if (linkType == LinkType.LINUX_SLL2) {
                    leaveRoom(memory, block % GEOMETRY.blockCount());
                }
                breakHeaders(memory, block % GEOMETRY.blockCount(), random);
                if (!ring.acquire()) {
                    throw new AssertionError("seed %d, block %d".formatted(seed, block));
                }
                encoder.encode(ring, 0);
                ring.release();
                batches.closeAll();
                published += drain(pool, block < DECODED_BLOCKS);
            }
        }

        assertThat(counters.packets(LaneTerm.MALFORMED)).as("seed %d", seed).isPositive();
        assertThat(published).as("seed %d", seed).isGreaterThan(BLOCKS);
        assertThat(counters.packets(LaneTerm.PUBLISHED)).as("seed %d", seed).isEqualTo(published);
        assertThat(counters.packets(LaneTerm.RECEIVED))
                .as("seed %d", seed)
                .isEqualTo(published + counters.packets(LaneTerm.MALFORMED));
        assertThat(counters.bytes(LaneTerm.RECEIVED))
                .as("seed %d", seed)
                .isEqualTo(
                        counters.bytes(LaneTerm.PUBLISHED)
                                + counters.bytes(LaneTerm.CUT)
                                + counters.bytes(LaneTerm.MALFORMED));
    }

    private static void fill(RingWriter writer, Random random) {
        int frames = 1 + random.nextInt(MAX_FRAMES);
        for (int i = 0; i < frames; i++) {
            byte[] data = new byte[random.nextInt(MAX_FRAME_BYTES)];
            random.nextBytes(data);
            if (data.length >= PLAIN_HEADERS.length && random.nextBoolean()) {
                System.arraycopy(PLAIN_HEADERS, 0, data, 0, PLAIN_HEADERS.length);
            }
            writer.add(
                    new SyntheticFrame(
                            data, data.length, 1, random.nextInt(6), status(random), 7, 0x8100));
        }
        writer.closeBlock();
    }

    private static int status(Random random) {
        return random.nextBoolean() ? 0 : random.nextInt();
    }

    /// Gives the first bytes of each frame up for the header that is put before it, as the kernel
    /// leaves room there for a ring without link headers; frames that are too short stay malformed.
    private static void leaveRoom(MemorySegment memory, int block) {
        long start = (long) block * GEOMETRY.blockBytes();
        long header = start + memory.get(JAVA_INT_UNALIGNED, start + 16);
        for (int left = memory.get(JAVA_INT_UNALIGNED, start + 12); left > 0; left--) {
            int length = memory.get(JAVA_INT_UNALIGNED, header + 12);
            if (length >= ROOM_BYTES) {
                short data = memory.get(JAVA_SHORT_UNALIGNED, header + 24);
                memory.set(JAVA_SHORT_UNALIGNED, header + 24, (short) (data + ROOM_BYTES));
                memory.set(JAVA_INT_UNALIGNED, header + 12, length - ROOM_BYTES);
            }
            header += memory.get(JAVA_INT_UNALIGNED, header);
        }
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
                    start + 48 + random.nextInt(MAX_FRAMES * MAX_FRAME_BYTES),
                    brokenNumber(random));
        }
    }

    /// Anything, anything that may lie in the block, or what may lead close to its end.
    private static int brokenNumber(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(200_000);
            default -> GEOMETRY.blockBytes() - random.nextInt(MAX_FRAMES * MAX_FRAME_BYTES);
        };
    }

    private static long drain(BatchPool pool, boolean decode) {
        long packets = 0;
        EncodedBatch batch = pool.poll();
        while (batch != null) {
            packets += batch.packetCount();
            if (decode) {
                assertThat(AvroBatches.decode(batch).getPackets())
                        .hasSize(batch.packetCount())
                        .allSatisfy(p -> assertThat(p.getPacketType()).isNotNull());
            }
            pool.giveBack(batch);
            batch = pool.poll();
        }
        return packets;
    }
}
