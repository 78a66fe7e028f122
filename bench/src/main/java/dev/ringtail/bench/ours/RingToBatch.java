package dev.ringtail.bench.ours;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.CaptureOutcome;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.bench.rig.RunningCapture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/// [LaneProgram] in a JVM as the sensor has it. What is counted is the CPU time of its lanes.
///
/// @param ringMebibytes size of a lane's ring
/// @param lanes count of lanes
/// @param partitionCount partitions that packets are sorted into
public record RingToBatch(int ringMebibytes, int lanes, int partitionCount)
        implements CaptureProgram {
    /// Heap that the lanes' threads have allocated, for each packet that they read.
    public static final Metric ALLOCATED_BYTES_PER_PACKET =
            new Metric("allocatedBytesPerPacket", "heap B/packet");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// One lane, and as many partitions as a sensor's topic has.
    ///
    /// @param ringMebibytes size of the ring
    public RingToBatch(int ringMebibytes) {
        this(ringMebibytes, 1, Broker.PARTITIONS);
    }

    @Override
    public String name() {
        return "ringtail ring → batch";
    }

    @Override
    public RunningCapture start(Path workFolder) throws InterruptedException {
        Child process =
                Child.start(
                        workFolder,
                        Home.java(
                                Home.SENSOR_JVM,
                                LaneProgram.class,
                                CaptureLink.NAME,
                                Integer.toString(ringMebibytes),
                                Integer.toString(lanes),
                                Integer.toString(partitionCount)));
        try {
            process.awaitErr(LaneProgram.READY, LIMIT);
            return new Running(process);
        } catch (BenchException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    private record Running(Child process) implements RunningCapture {
        @Override
        public long cpuNs() {
            return ProcessUsage.threadsCpuNs(process.pid(), LaneProgram.LANE_THREADS);
        }

        @Override
        public Map<String, LongSupplier> cpuParts() {
            return Map.of(Limit.READER, this::cpuNs);
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public CaptureOutcome stop() throws InterruptedException {
            process.stop(LIMIT);
            JsonNode sum = process.json();
            LedgerJson ledger = LedgerJson.of(sum);
            double allocatedBytes = sum.required(LaneProgram.ALLOCATED).asDouble();
            return new CaptureOutcome(
                    ledger.acknowledged(),
                    ledger.lost(),
                    Map.of(
                            ALLOCATED_BYTES_PER_PACKET,
                            allocatedBytes / Math.max(1, ledger.acknowledged())));
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
