package dev.ringtail.bench.micro;

import dev.ringtail.consumer.export.MergeLab;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Packets a second out of records in memory in the export's order: by lane number, and between
/// lanes by time.
@State(Scope.Thread)
public class MergeBenchmark {
    private static final int PACKETS = 1 << 16;

    /// Lanes that captured at the same time.
    @Param({"1", "16", "256"})
    public int lanes;

    @SuppressWarnings("NullAway.Init") // Set before each trial.
    private MergeLab lab;

    /// Makes the records.
    @Setup(Level.Trial)
    public void encode() {
        lab = new MergeLab(LaneBatches.values(lanes, PACKETS / lanes));
    }

    /// All records, known before.
    ///
    /// @return something of each packet
    @Benchmark
    public long mergeIndexed(Packets counted) {
        counted.packets += lab.packetCount();
        return lab.mergeIndexed();
    }

    /// All records, one after the other.
    ///
    /// @return something of each packet
    @Benchmark
    public long mergeAsTheyCome(Packets counted) {
        counted.packets += lab.packetCount();
        return lab.mergeAsTheyCome();
    }
}
