package dev.ringtail.bench.micro;

import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.FrameView;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Packets a second over the kernel's headers of a full ring block in memory: each checked to lie
/// within the block, its length and time read, no frame touched.
@State(Scope.Thread)
public class BlockWalkBenchmark {
    /// Bytes of every frame.
    @Param({"60", "1514"})
    public int frameBytes;

    @SuppressWarnings("NullAway.Init") // Set before each trial.
    private FilledBlock block;

    private final FrameView frame = new FrameView();

    /// Fills one block.
    @Setup(Level.Trial)
    public void fillBlock() {
        block = new FilledBlock(frameBytes, 1);
    }

    /// Frees the ring's memory.
    @TearDown(Level.Trial)
    public void free() {
        block.close();
    }

    /// One block.
    ///
    /// @return something of each header, so that none is left unread
    @Benchmark
    public long walkBlock(Packets counted) {
        BlockRing ring = block.ring();
        long header = ring.firstPacket();
        long sum = 0;
        for (int i = 0; i < ring.packetCount(); i++) {
            if (!frame.read(header, ring.blockStart(), ring.blockEnd())) {
                throw new IllegalStateException("header at " + header + " is broken");
            }
            sum += frame.capturedLength() ^ frame.timestampNs();
            header = frame.next();
        }
        counted.packets += ring.packetCount();
        return sum;
    }
}
