package dev.ringtail.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.CaptureOutcome;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.bench.rig.RunningCapture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// A running capture program of ours in C or Go: it ends at SIGTERM and then prints what it counted
/// as a JSON object.
final class CountingProgram implements RunningCapture {
    /// What to give `--seconds`, for a program that is ended before.
    static final String LONGEST_SECONDS = "3600";

    /// What all of them say on standard error once packets come in.
    private static final String READY = "listening";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Child process;
    private final String received;
    private final String dropped;
    private final Map<String, LongSupplier> cpuParts;
    private final LongSupplier cpuNs;

    /// @param received key of the packets that came where the program brings them
    /// @param dropped key of those that the kernel dropped
    CountingProgram(
            Child process,
            String received,
            String dropped,
            LongSupplier cpuNs,
            Map<String, LongSupplier> cpuParts) {
        this.process = process;
        this.received = received;
        this.dropped = dropped;
        this.cpuNs = cpuNs;
        this.cpuParts = Map.copyOf(cpuParts);
    }

    /// Starts a program and waits until it captures.
    static Child start(Path workFolder, List<String> command) throws InterruptedException {
        Child process = Child.start(workFolder, command);
        try {
            process.awaitErr(READY, LIMIT);
            return process;
        } catch (BenchException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /// CPU time of all threads of a program whose threads don't end before it does.
    static LongSupplier allThreads(Child process) {
        return () -> ProcessUsage.threadsCpuNs(process.pid(), "");
    }

    @Override
    public long cpuNs() {
        return cpuNs.getAsLong();
    }

    @Override
    public Map<String, LongSupplier> cpuParts() {
        return cpuParts;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public CaptureOutcome stop() throws InterruptedException {
        process.stop(LIMIT);
        JsonNode counts = process.json();
        return CaptureOutcome.of(
                counts.required(received).asLong(), counts.required(dropped).asLong());
    }

    @Override
    public void close() {
        process.close();
    }
}
