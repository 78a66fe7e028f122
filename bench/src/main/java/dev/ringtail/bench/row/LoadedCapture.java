package dev.ringtail.bench.row;

import dev.ringtail.bench.load.Injected;
import dev.ringtail.bench.load.Injection;
import dev.ringtail.bench.load.LoadSource;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.CaptureOutcome;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.CpuMeter;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.bench.rig.RunningCapture;
import dev.ringtail.bench.rig.Trial;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A capture program and the load that it is put under.
///
/// Packets and drops are what the program got from the kernel's counters, and they have to add up
/// to the frames that the source of the load counted. The rate is that of arrival: it is over when
/// the program has worked off what was in its ring when the load ended.
///
/// @param name in the table
/// @param source what makes the load
record LoadedCapture(
        String name, CaptureProgram program, LoadSource source, LoadSpec load, Bench bench) {
    /// Resident anonymous memory of the process, the most that was seen under load.
    static final Metric RSS_ANON_MEBIBYTES = new Metric("rssAnonMebibytes", "RssAnon MiB");

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(20);

    /// A process with less CPU time than this in [#LOOK_INTERVAL] has nothing to do but what a JVM
    /// does without work.
    private static final long IDLE_CPU_NS = 20_000_000;

    /// One look is not enough: a program may wait for a processor that somebody else has.
    private static final int IDLE_LOOKS = 3;

    /// Share of the frames that may be unaccounted for: those on their way when a program starts or
    /// ends.
    private static final double MISCOUNT = 0.001;

    /// The same at another rate.
    LoadedCapture withRate(long framesPerSecond) {
        return new LoadedCapture(name, program, source, load.withRate(framesPerSecond), bench);
    }

    /// Captures once.
    ///
    /// @throws BenchException if the program failed or the counts don't add up
    Observed observe(Trial trial) throws InterruptedException {
        try (RunningCapture capture = program.start(bench.workFolder())) {
            long cpuBeforeNs = capture.cpuNs();
            CpuMeter meter = CpuMeter.begin(capture.cpuParts());
            long rssBytes = 0;
            Injected injected;
            try (Injection injection =
                    source.start(bench.home(), bench.workFolder(), load, trial.seconds())) {
                while (!injection.endsWithin(LOOK_INTERVAL)) {
                    rssBytes = Math.max(rssBytes, ProcessUsage.rssAnonBytes(capture.pid()));
                }
                injected = injection.result();
            }
            Map<String, Double> cores = meter.cores();
            cores.put(Limit.INJECTOR, injected.cores());
            double backlogSeconds = settle(capture);
            long cpuNs = capture.cpuNs() - cpuBeforeNs;
            CaptureOutcome outcome = capture.stop();
            return observed(injected, outcome, cores, cpuNs, rssBytes, backlogSeconds);
        }
    }

    /// Waits until the program, and what it works for, have nothing more to do.
    ///
    /// @return for how many seconds they were at work
    private static double settle(RunningCapture capture) throws InterruptedException {
        long beginNs = System.nanoTime();
        long lastBusyNs = beginNs;
        long endNs = beginNs + SETTLE_LIMIT.toNanos();
        long before = totalCpuNs(capture);
        int idleLooks = 0;
        while (idleLooks < IDLE_LOOKS && System.nanoTime() - endNs < 0) {
            Thread.sleep(LOOK_INTERVAL);
            long now = totalCpuNs(capture);
            if (now - before < IDLE_CPU_NS) {
                idleLooks++;
            } else {
                idleLooks = 0;
                lastBusyNs = System.nanoTime();
            }
            before = now;
        }
        return (lastBusyNs - beginNs) / 1e9;
    }

    private static long totalCpuNs(RunningCapture capture) {
        return capture.cpuParts().values().stream().mapToLong(part -> part.getAsLong()).sum();
    }

    private Observed observed(
            Injected injected,
            CaptureOutcome outcome,
            Map<String, Double> cores,
            long cpuNs,
            long rssBytes,
            double backlogSeconds) {
        long received = outcome.received();
        if (received == 0) {
            throw new BenchException("no packet came of " + injected.frames() + " frames");
        }
        if (cpuNs <= 0) {
            throw new BenchException("no CPU time was seen of " + program.name());
        }
        long missing = injected.frames() - received - outcome.dropped();
        if (Math.abs(missing) > MISCOUNT * injected.frames()) {
            throw new BenchException(
                    "%d frames were given, but %d received and %d dropped"
                            .formatted(injected.frames(), received, outcome.dropped()));
        }
        double bytes = (double) injected.bytes() / injected.frames() * received;
        double activeSeconds = injected.seconds() + backlogSeconds;
        Map<Metric, Double> figures = new HashMap<>(outcome.more());
        figures.put(Metric.PACKETS_PER_SECOND, received / activeSeconds);
        figures.put(Metric.BYTES_PER_SECOND, bytes / activeSeconds);
        figures.put(Metric.DROPS, (double) outcome.dropped());
        figures.put(Metric.CPU_NS_PER_PACKET, (double) cpuNs / received);
        figures.put(Metric.CPU_SECONDS_PER_GB, cpuNs / bytes);
        figures.put(RSS_ANON_MEBIBYTES, rssBytes / (double) (1 << 20));
        boolean lost = outcome.dropped() > 0;
        return new Observed(
                figures,
                cores,
                load.isPaced() && !lost ? Limit.PACE : Limit.of(cores, lost),
                injected.frames() / injected.seconds(),
                (double) outcome.dropped() / injected.frames(),
                backlogSeconds);
    }

    /// What was seen of a capture under load.
    ///
    /// @param figures all that was measured
    /// @param cores who kept processors busy
    /// @param limitedBy what bounded the rate
    /// @param offeredPerSecond frames that the source of the load gave
    /// @param lossShare of those frames
    /// @param backlogSeconds how long the program still worked when the load had ended
    record Observed(
            Map<Metric, Double> figures,
            Map<String, Double> cores,
            String limitedBy,
            double offeredPerSecond,
            double lossShare,
            double backlogSeconds) {
        /// Whether any packet was dropped.
        boolean lost() {
            return lossShare > 0;
        }
    }
}
