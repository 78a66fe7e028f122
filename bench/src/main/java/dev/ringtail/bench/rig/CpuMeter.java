package dev.ringtail.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How busy processors are kept between two moments, and by whom.
public final class CpuMeter {
    /// Processors without work.
    public static final String IDLE = "idle";

    /// Processors without work but for a disk that is waited for.
    public static final String IOWAIT = "iowait";

    /// Processors in the kernel's network receive path and other softirqs, outside of a process's
    /// own time.
    public static final String SOFTIRQ = "softirq";

    /// Fields of the line `cpu` of `/proc/stat`, see `proc(5)`.
    private static final Map<String, Integer> SYSTEM = Map.of(IDLE, 4, IOWAIT, 5, SOFTIRQ, 7);

    private static final double TICKS_PER_SECOND = 100;
    private static final double NS_PER_SECOND = 1e9;

    private final Map<String, LongSupplier> parts;
    private final Map<String, Long> before = new HashMap<>();
    private final String[] systemBefore = systemTicks();
    private final long beginNs = System.nanoTime();

    private CpuMeter(Map<String, LongSupplier> parts) {
        this.parts = parts;
        parts.forEach((name, cpuNs) -> before.put(name, cpuNs.getAsLong()));
    }

    /// Begins to measure.
    ///
    /// @param parts CPU time in nanoseconds until now, by who used it
    public static CpuMeter begin(Map<String, LongSupplier> parts) {
        return new CpuMeter(parts);
    }

    /// Processors that each part, the softirqs and nobody has had since the begin; 1.0 for a whole
    /// one.
    public Map<String, Double> cores() {
        double ns = Math.max(1, System.nanoTime() - beginNs);
        Map<String, Double> cores = new LinkedHashMap<>();
        parts.forEach(
                (name, cpuNs) ->
                        cores.put(
                                name,
                                Math.max(0, cpuNs.getAsLong() - before.getOrDefault(name, 0L))
                                        / ns));
        String[] now = systemTicks();
        SYSTEM.forEach(
                (name, field) -> {
                    long ticks = Long.parseLong(now[field]) - Long.parseLong(systemBefore[field]);
                    cores.put(name, Math.max(0, ticks) / TICKS_PER_SECOND / (ns / NS_PER_SECOND));
                });
        return cores;
    }

    private static String[] systemTicks() {
        try {
            String first = Files.readString(Path.of("/proc/stat")).lines().findFirst().orElse("");
            return first.split(" +");
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/stat can't be read", e);
        }
    }
}
