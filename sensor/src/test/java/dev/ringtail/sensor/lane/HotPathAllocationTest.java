package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.FrameView;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Random;

/// The hot path allocates not one byte, whatever the count of packets, once the JIT has compiled
/// it.
class HotPathAllocationTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(1 << 20, 2, 50);
    private static final int PARTITIONS = 16;
    private static final int ROUNDS = 20;

    /// Packets in which the JIT may get ready: it compiles in the background.
    private static final long MAX_PACKETS_BEFORE = 15_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        /// Goes through one block and returns its count of packets.
        int run(BlockRing block);
    }

    @Test
    void theBlockWalkAllocatesNothing() {
        FrameView frame = new FrameView();
        assertAllocatesNothing(
                60,
                block -> {
                    long header = block.firstPacket();
                    int packets = 0;
                    while (packets < block.packetCount()
                            && frame.read(header, block.blockStart(), block.blockEnd())
                            && frame.timestampNs() > 0) {
                        packets++;
                        header = frame.next();
                    }
                    return packets;
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 1514})
    void theEncoderAllocatesNothing(int frameBytes) {
        BatchPool pool = new BatchPool(64, 256 << 10, () -> {});
        LaneCounters counters = new LaneCounters(0, "e");
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        PARTITIONS,
                        1_000_000,
                        new CaptureDescriptor("s", "t", 1, "e", LinkType.ETHERNET, 262_144),
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(
                        batches,
                        counters,
                        OwnTrafficMatcher.NONE,
                        LinkType.ETHERNET,
                        PARTITIONS,
                        PacketRules.ALL);
        assertAllocatesNothing(
                frameBytes,
                block -> {
                    assertThatThereIsRoom(batches, block);
                    encoder.encode(block, 0);
                    int closed = 0;
                    for (EncodedBatch batch = pool.poll(); batch != null; batch = pool.poll()) {
                        closed += batch.packetCount();
                        pool.giveBack(batch);
                    }
                    return closed;
                });
    }

    private static void assertThatThereIsRoom(BatchEncoder batches, BlockRing block) {
        if (!batches.hasRoomFor(block.blockBytes(), block.packetCount())) {
            throw new AssertionError("out of batches");
        }
    }

    /// Repeats the work until a series of rounds allocates nothing.
    private void assertAllocatesNothing(int frameBytes, Work work) {
        try (Arena arena = Arena.ofShared()) {
            BlockRing block = filledBlock(arena, frameBytes);
            long allocatedBytes = Long.MAX_VALUE;
            long packets = 0;
            long packetsBefore = 0;
            while (packetsBefore < MAX_PACKETS_BEFORE && allocatedBytes > 0) {
                long before = threads.getCurrentThreadAllocatedBytes();
                packets = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    packets += work.run(block);
                }
                allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
                packetsBefore += packets;
            }
            assertThat(packets * frameBytes)
                    .as("bytes of the last rounds' packets")
                    .isGreaterThan(3_000_000);
            assertThat(allocatedBytes).as("bytes allocated for %d packets", packets).isZero();
        }
    }

    /// A block of UDP frames of many flows.
    private static BlockRing filledBlock(Arena arena, int frameBytes) {
        MemorySegment memory = arena.allocate(GEOMETRY.lengthBytes(), 4096);
        RingWriter writer = new RingWriter(memory, GEOMETRY);
        Random random = new Random(1);
        boolean room = true;
        while (room) {
            byte[] frame = new byte[frameBytes];
            frame[12] = 0x08;
            frame[14] = 0x45;
            frame[23] = 17;
            frame[28] = (byte) random.nextInt();
            frame[29] = (byte) random.nextInt();
            room = writer.add(SyntheticFrame.of(frame, 1));
        }
        writer.closeBlock();
        BlockRing block = new BlockRing(memory, GEOMETRY);
        assertThat(block.acquire()).isTrue();
        return block;
    }
}
