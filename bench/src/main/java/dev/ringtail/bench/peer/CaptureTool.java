package dev.ringtail.bench.peer;

import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.CaptureOutcome;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.bench.rig.Programs;
import dev.ringtail.bench.rig.RunningCapture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A capture program of the machine that writes every packet, whole, to `/dev/null`, with a ring of
/// 64 MiB, and says at its end what it counted. What is counted is the CPU time of all its threads.
public final class CaptureTool implements CaptureProgram {
    /// libpcap's own.
    public static final CaptureTool TCPDUMP =
            new CaptureTool(
                    "tcpdump",
                    "(\\d+) packets captured",
                    "(\\d+) packets dropped by kernel",
                    "-i",
                    CaptureLink.NAME,
                    "-n",
                    "-B",
                    "65536",
                    "-w",
                    "/dev/null");

    /// Wireshark's.
    public static final CaptureTool DUMPCAP =
            new CaptureTool(
                    "dumpcap",
                    "received/dropped on interface '[^']*': (\\d+)/",
                    "received/dropped on interface '[^']*': \\d+/(\\d+)",
                    "-q",
                    "-i",
                    CaptureLink.NAME,
                    "-B",
                    "64",
                    "-w",
                    "/dev/null");

    /// netsniff-ng's.
    public static final CaptureTool NETSNIFF_NG =
            new CaptureTool(
                    "netsniff-ng",
                    "(\\d+)  packets passed filter",
                    "(\\d+)  packets failed filter \\(out of space\\)",
                    "--in",
                    CaptureLink.NAME,
                    "--out",
                    "/dev/null",
                    "--silent",
                    "--ring-size",
                    "64MiB");

    /// All of them.
    public static final List<CaptureTool> ALL = List.of(TCPDUMP, DUMPCAP, NETSNIFF_NG);

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final String program;
    private final Pattern received;
    private final Pattern dropped;
    private final List<String> command;

    /// @param received its first group is the count of packets that it wrote
    /// @param dropped its first group is the count of packets that it was too slow for
    private CaptureTool(String program, String received, String dropped, String... arguments) {
        this.program = program;
        this.received = Pattern.compile(received);
        this.dropped = Pattern.compile(dropped);
        this.command = Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
    }

    @Override
    public String name() {
        return program;
    }

    @Override
    public Optional<String> missing() {
        return Programs.missing(program);
    }

    @Override
    public RunningCapture start(Path workFolder) throws InterruptedException {
        Child process = Child.start(workFolder, command);
        try {
            CaptureLink.awaitPacketSocket(process, LIMIT);
            return new Running(process);
        } catch (BenchException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    private final class Running implements RunningCapture {
        private final Child process;

        Running(Child process) {
            this.process = process;
        }

        @Override
        public long cpuNs() {
            return ProcessUsage.threadsCpuNs(process.pid(), "");
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
            return CaptureOutcome.of(count(received), count(dropped));
        }

        private long count(Pattern pattern) {
            Matcher matcher = pattern.matcher(process.err() + process.out());
            if (!matcher.find()) {
                throw process.failed("did not say how many packets it got");
            }
            return Long.parseLong(matcher.group(1));
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
