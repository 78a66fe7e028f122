package dev.ringtail.bench.micro;

import dev.ringtail.bench.rig.Broker;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Packets a second from a full ring block in memory into the batches of 16 partitions: header
/// walk, frame parsing, partition hash, encoding and copy. The kernel's part is not in it.
@State(Scope.Thread)
public class BlockEncodeBenchmark {

    /// Bytes of every frame.
    @Param({"60", "128", "590", "1514"})
    public int frameBytes;

    /// Count of five-tuples that the frames belong to.
    @Param({"1", "10000"})
    public int flows;

    private final EncoderLab lab = new EncoderLab(Broker.PARTITIONS);

    @SuppressWarnings("NullAway.Init") // Set before each trial.
    private FilledBlock block;

    /// Fills one block.
    @Setup(Level.Trial)
    public void fillBlock() {
        block = new FilledBlock(frameBytes, flows);
    }

    /// Frees the ring's memory.
    @TearDown(Level.Trial)
    public void free() {
        block.close();
    }

    /// One block, and the batches that it fills handed over and back.
    @Benchmark
    public void encodeBlock(Packets counted) {
        lab.encode(block.ring(), batch -> {});
        counted.packets += block.ring().packetCount();
    }
}
