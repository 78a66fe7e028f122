package dev.ringtail.bench.micro;

import dev.ringtail.bench.rig.Broker;
import dev.ringtail.schema.PacketBatchReader;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.List;

/// Packets a second out of batches in memory: those of a topic's records, already fetched.
@State(Scope.Thread)
public class BatchReadBenchmark {
    private static final int FLOWS = 10_000;
    private static final int BLOCKS = 4;

    /// Bytes of every frame.
    @Param({"60", "1514"})
    public int frameBytes;

    private final PacketBatchReader reader = new PacketBatchReader();
    private List<byte[]> values = List.of();

    /// Makes the batches.
    @Setup(Level.Trial)
    public void encode() {
        values = EncoderLab.values(Broker.PARTITIONS, frameBytes, FLOWS, BLOCKS);
    }

    /// All batches.
    ///
    /// @return something of each packet
    @Benchmark
    public long readBatches(Packets counted) {
        long sum = 0;
        for (byte[] value : values) {
            reader.wrap(value);
            while (reader.next()) {
                sum += reader.timestampNs() ^ reader.dataOffset();
            }
            counted.packets += reader.packetCount();
        }
        return sum;
    }
}
