package dev.ringtail.bench;

import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.BlockEncoder;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.lane.PacketRules;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Packets a second from a full ring block in memory into the batches of 16 partitions: header
/// walk, frame parsing, partition hash, encoding and copy. The kernel's part is not in it.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"})
public class BlockEncodeBenchmark {
    private static final RingGeometry GEOMETRY = new RingGeometry(1 << 20, 2, 50);
    private static final int PARTITIONS = 16;
    private static final int BATCH_BYTES = 256 << 10;
    private static final int BATCHES = 64;

    /// Bytes of every frame.
    @Param({"60", "128", "590", "1514"})
    public int frameBytes;

    /// Count of five-tuples that the frames belong to.
    @Param({"1", "10000"})
    public int flows;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(GEOMETRY.lengthBytes(), 4096);
    private final BatchPool pool = new BatchPool(BATCHES, BATCH_BYTES, () -> {});
    private final LaneCounters counters = new LaneCounters(0, "bench");
    private final BatchEncoder batches =
            new BatchEncoder(
                    pool,
                    WireFormat.SINGLE_OBJECT,
                    0,
                    PARTITIONS,
                    1_000_000,
                    new CaptureDescriptor("bench", "bench", 1, "bench", 1, 262_144),
                    counters);
    private final BlockEncoder encoder =
            new BlockEncoder(
                    batches, counters, OwnTrafficMatcher.NONE, 1, PARTITIONS, PacketRules.ALL);
    private final BlockRing ring = new BlockRing(memory, GEOMETRY);

    /// Counts packets beside blocks.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Packets {
        /// Packets encoded.
        public long packets;
    }

    /// Fills one block.
    @Setup(Level.Trial)
    public void fillBlock() {
        RingWriter writer = new RingWriter(memory, GEOMETRY);
        Random random = new Random(1);
        int[] addresses = random.ints(flows).toArray();
        boolean room = true;
        while (room) {
            room = writer.add(SyntheticFrame.of(frame(addresses[random.nextInt(flows)]), 1));
        }
        writer.closeBlock();
        ring.acquire();
    }

    /// Frees the ring's memory.
    @TearDown(Level.Trial)
    public void free() {
        arena.close();
    }

    /// One block, and the batches that it fills handed over and back.
    @Benchmark
    public void encodeBlock(Packets counted) {
        encoder.encode(ring, 0);
        counted.packets += ring.packetCount();
        EncodedBatch batch = pool.poll();
        while (batch != null) {
            pool.giveBack(batch);
            batch = pool.poll();
        }
        if (!batches.hasRoomFor(GEOMETRY.blockBytes(), ring.packetCount())) {
            throw new IllegalStateException("out of batches");
        }
    }

    private byte[] frame(int address) {
        byte[] frame = new byte[frameBytes];
        frame[12] = 0x08;
        frame[14] = 0x45;
        frame[23] = 17;
        for (int i = 0; i < Integer.BYTES; i++) {
            frame[26 + i] = (byte) (address >>> 8 * i);
        }
        return frame;
    }
}
