package dev.ringtail.bench.peer;

import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.CaptureOutcome;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.NativeProgram;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.bench.rig.RunningCapture;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The C program `pcap-kafka`: libpcap and librdkafka, one message a packet. What is counted is the
/// CPU time of the whole process; received is what Kafka has acknowledged.
public final class PcapKafka implements CaptureProgram {
    /// librdkafka names its threads so.
    private static final String LIBRDKAFKA_THREADS = "rdk:";

    private final NativeProgram program;
    private final Broker broker;

    /// @param broker keeps the topic
    public PcapKafka(Home home, Broker broker) {
        this.program = NativeProgram.c(home, "pcap-kafka", "pcap", "rdkafka");
        this.broker = broker;
    }

    @Override
    public String name() {
        return "one message a packet (C)";
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        return program.missing();
    }

    @Override
    public RunningCapture start(Path workFolder) throws InterruptedException {
        List<String> arguments =
                List.of(
                        "--interface",
                        CaptureLink.NAME,
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--topic",
                        broker.standingTopic(),
                        "--seconds",
                        CountingProgram.LONGEST_SECONDS);
        return new Running(CountingProgram.start(workFolder, program.command(arguments)));
    }

    private final class Running implements RunningCapture {
        private final Child process;
        private final CountingProgram counting;

        Running(Child process) {
            this.process = process;
            this.counting =
                    new CountingProgram(
                            process,
                            "acknowledged",
                            "dropped",
                            () -> ProcessUsage.cpuNs(process.pid()),
                            parts());
        }

        private Map<String, LongSupplier> parts() {
            return Map.of(
                    Limit.READER,
                    () -> ProcessUsage.cpuNs(process.pid()) - producerNs(),
                    Limit.PRODUCER,
                    this::producerNs,
                    Limit.BROKER,
                    broker::cpuNs);
        }

        private long producerNs() {
            return ProcessUsage.threadsCpuNs(process.pid(), LIBRDKAFKA_THREADS);
        }

        @Override
        public long cpuNs() {
            return counting.cpuNs();
        }

        @Override
        public Map<String, LongSupplier> cpuParts() {
            return counting.cpuParts();
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public CaptureOutcome stop() throws InterruptedException {
            CaptureOutcome outcome = counting.stop();
            long lost = process.json().required("received").asLong() - outcome.received();
            return CaptureOutcome.of(outcome.received(), outcome.dropped() + lost);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
