package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.CpuMeter;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.bench.rig.Programs;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A program that reads so many packets and ends, timed from its start to its end.
final class ReaderContender implements Contender {
    /// Packets for each second of processor time of the whole process, its start included.
    static final Metric PACKETS_PER_CPU_SECOND =
            new Metric("packetsPerCpuSecond", "packets/s and core");

    /// From the start of the program to its end.
    static final Metric SECONDS = new Metric("seconds", "seconds");

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final String name;
    private final List<String> command;
    private final long packetCount;
    private final long dataBytes;
    private final Path output;
    private final Map<String, LongSupplier> others;
    private final Path workFolder;

    /// @param packetCount packets that it reads
    /// @param dataBytes bytes of their frames
    /// @param output file that it may write, deleted after each trial
    /// @param others CPU time by who else works for it
    ReaderContender(
            String name,
            List<String> command,
            long packetCount,
            long dataBytes,
            Path output,
            Map<String, LongSupplier> others,
            Path workFolder) {
        this.name = name;
        this.command = command;
        this.packetCount = packetCount;
        this.dataBytes = dataBytes;
        this.output = output;
        this.others = others;
        this.workFolder = workFolder;
    }

    /// A command of the launcher over a topic.
    ///
    /// @param command with the options that it has beside broker and topic
    static ReaderContender ofTopic(
            String name, FilledTopic topic, Path output, Bench bench, List<String> command) {
        Broker broker = topic.broker();
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(
                List.of(
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--topic-prefix",
                        topic.prefix()));
        return new ReaderContender(
                name,
                bench.home().ringtail(arguments.toArray(String[]::new)),
                topic.packetCount(),
                topic.dataBytes(),
                output,
                Map.of(Limit.BROKER, broker::cpuNs),
                bench.workFolder());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> missing() {
        return command.getFirst().contains("/")
                ? Optional.empty()
                : Programs.missing(command.getFirst());
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        // What was written before is not to be written to disk meanwhile.
        Child.run(workFolder, LIMIT, "sync");
        CpuMeter meter = CpuMeter.begin(others);
        long cpuBeforeNs = ProcessUsage.endedChildrenCpuNs();
        long beginNs = System.nanoTime();
        Child.run(workFolder, LIMIT, command.toArray(String[]::new));
        double seconds = (System.nanoTime() - beginNs) / 1e9;
        double cpuSeconds = Math.max(1, ProcessUsage.endedChildrenCpuNs() - cpuBeforeNs) / 1e9;
        Map<String, Double> cores = new LinkedHashMap<>(meter.cores());
        cores.put(Limit.READER, cpuSeconds / seconds);
        deleteOutput();
        return new Sample(
                Map.of(
                        SECONDS,
                        seconds,
                        Metric.PACKETS_PER_SECOND,
                        packetCount / seconds,
                        Metric.BYTES_PER_SECOND,
                        dataBytes / seconds,
                        Metric.CPU_NS_PER_PACKET,
                        cpuSeconds * 1e9 / packetCount,
                        PACKETS_PER_CPU_SECOND,
                        packetCount / cpuSeconds),
                cores,
                Limit.of(cores, true));
    }

    private void deleteOutput() {
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new BenchException("cannot delete " + output + ": " + e.getMessage(), e);
        }
    }
}
