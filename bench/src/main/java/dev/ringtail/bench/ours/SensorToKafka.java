package dev.ringtail.bench.ours;

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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// `ringtail sensor` as a user starts it, into a Kafka beside it. What is counted is the CPU time
/// of the whole process; received is what Kafka has acknowledged, by the final ledger.
public final class SensorToKafka implements CaptureProgram {
    /// Time from the start of the process until it says that it captures.
    public static final Metric START_SECONDS = new Metric("startSeconds", "start s");

    /// Pauses of the collector while it ran.
    public static final Metric GC_COUNT = new Metric("gcCount", "GCs");

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final String READY = ", session ";
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Home home;
    private final Broker broker;
    private final int partitionCount;
    private final OptionalInt laneCpu;

    /// One with [Broker#PARTITIONS].
    ///
    /// @param broker keeps the topics
    public SensorToKafka(Home home, Broker broker) {
        this(home, broker, Broker.PARTITIONS);
    }

    /// @param broker keeps the topics
    /// @param partitionCount of the packets topic
    public SensorToKafka(Home home, Broker broker, int partitionCount) {
        this(home, broker, partitionCount, OptionalInt.empty());
    }

    private SensorToKafka(Home home, Broker broker, int partitionCount, OptionalInt laneCpu) {
        this.home = home;
        this.broker = broker;
        this.partitionCount = partitionCount;
        this.laneCpu = laneCpu;
    }

    /// The same with its lane pinned.
    ///
    /// @param cpu processor that the lane is to run on
    public SensorToKafka withLanePinnedTo(int cpu) {
        return new SensorToKafka(home, broker, partitionCount, OptionalInt.of(cpu));
    }

    @Override
    public String name() {
        return "ringtail ring → Kafka";
    }

    @Override
    public RunningCapture start(Path workFolder) throws InterruptedException {
        int number = STARTED.incrementAndGet();
        String prefix = broker.standingPrefix(partitionCount);
        Path summary = workFolder.resolve("summary" + number + ".json");
        Path gcLog = workFolder.resolve("gc" + number + ".log");
        long startNs = System.nanoTime();
        Child process =
                Child.start(
                        workFolder,
                        command(prefix, summary),
                        Map.of("RINGTAIL_JAVA_OPTS", "-Xlog:gc:file=" + gcLog));
        try {
            process.awaitErr(READY, START_LIMIT);
            double startSeconds = (System.nanoTime() - startNs) / 1e9;
            return new Running(process, broker, summary, gcLog, startSeconds);
        } catch (BenchException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    private List<String> command(String prefix, Path summary) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "sensor",
                                "--interface",
                                CaptureLink.NAME,
                                "--bootstrap-server",
                                broker.bootstrapServers(),
                                "--topic-prefix",
                                prefix,
                                "--sensor",
                                "bench",
                                "--summary",
                                summary.toString()));
        laneCpu.ifPresent(cpu -> arguments.addAll(List.of("--cpus", Integer.toString(cpu))));
        return home.ringtail(arguments.toArray(String[]::new));
    }

    private record Running(
            Child process, Broker broker, Path summary, Path gcLog, double startSeconds)
            implements RunningCapture {
        @Override
        public long cpuNs() {
            return ProcessUsage.cpuNs(process.pid());
        }

        @Override
        public Map<String, LongSupplier> cpuParts() {
            Map<String, LongSupplier> parts = new LinkedHashMap<>();
            parts.put(Limit.READER, () -> threadsNs("rt-lane"));
            parts.put(Limit.PRODUCER, this::producerNs);
            parts.put("sensor's rest", () -> cpuNs() - threadsNs("rt-lane") - producerNs());
            parts.put(Limit.BROKER, broker::cpuNs);
            return parts;
        }

        private long producerNs() {
            return threadsNs("rt-publish") + threadsNs("kafka-producer");
        }

        private long threadsNs(String prefix) {
            return ProcessUsage.threadsCpuNs(process.pid(), prefix);
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public CaptureOutcome stop() throws InterruptedException {
            process.stop(STOP_LIMIT);
            if (!Files.exists(summary)) {
                throw process.failed("wrote no summary");
            }
            LedgerJson ledger = LedgerJson.of(LedgerJson.parse(read(summary)).required("total"));
            return new CaptureOutcome(
                    ledger.acknowledged(),
                    ledger.lost(),
                    Map.of(START_SECONDS, startSeconds, GC_COUNT, (double) gcCount()));
        }

        private long gcCount() {
            return read(gcLog).lines().filter(line -> line.contains("Pause")).count();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException("What the sensor wrote can't be read", e);
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
