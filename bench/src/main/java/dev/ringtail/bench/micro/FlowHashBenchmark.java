package dev.ringtail.bench.micro;

import dev.ringtail.bench.rig.Broker;
import dev.ringtail.schema.FlowHash;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.Random;

/// Partitions of five-tuples a second.
@State(Scope.Thread)
public class FlowHashBenchmark {
    private static final int UDP = 17;
    private static final int TUPLES = 1024;

    private final long[] words = new Random(1).longs(5 * TUPLES).toArray();

    /// IPv4 addresses and ports.
    ///
    /// @return something of each hash
    @Benchmark
    public int ipv4(Packets counted) {
        int sum = 0;
        for (int i = 0; i < TUPLES; i++) {
            long addresses = words[5 * i];
            long ports = words[5 * i + 1];
            int hash =
                    FlowHash.ipv4(
                            (int) (addresses >>> 32),
                            (int) addresses,
                            (int) ports & 0xffff,
                            (int) (ports >>> 32) & 0xffff,
                            UDP);
            sum += FlowHash.partition(hash, Broker.PARTITIONS);
        }
        counted.packets += TUPLES;
        return sum;
    }

    /// IPv6 addresses and ports.
    ///
    /// @return something of each hash
    @Benchmark
    public int ipv6(Packets counted) {
        int sum = 0;
        for (int i = 0; i < TUPLES; i++) {
            long ports = words[5 * i + 4];
            int hash =
                    FlowHash.ipv6(
                            words[5 * i],
                            words[5 * i + 1],
                            words[5 * i + 2],
                            words[5 * i + 3],
                            (int) ports & 0xffff,
                            (int) (ports >>> 32) & 0xffff,
                            UDP);
            sum += FlowHash.partition(hash, Broker.PARTITIONS);
        }
        counted.packets += TUPLES;
        return sum;
    }
}
