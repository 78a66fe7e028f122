package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.Injection;
import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.CaptureOutcome;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.RunningCapture;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;
import dev.ringtail.bench.rig.Trials;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The start of a sensor: how long until it captures, on a machine without other work, and whether
/// it loses a packet in its first second when it starts in the middle of full load.
public final class StartRow implements Row {
    private static final Duration FIRST_SECOND = Duration.ofSeconds(1);

    /// Ended before by who started it.
    private static final int LOAD_LIMIT_SECONDS = 120;

    private static final double SOFT_START_SECONDS = 1.5;
    private static final double HARD_START_SECONDS = 3;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String title() {
        return "from exec to capturing, and the first second after it under full load, 60 B";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        SensorToKafka sensor = new SensorToKafka(bench.home(), bench.broker());
        Contender alone = new Start("machine without load", sensor, bench, false);
        Contender loaded = new Start("under load", sensor, bench, true);
        Trials trials = bench.repetitions().run(name(), bench.trialOf(1), List.of(alone, loaded));
        return Result.of(
                trials,
                List.of(
                        new Claim(
                                "from exec to capturing, seconds",
                                trials.spread(alone.name(), SensorToKafka.START_SECONDS)
                                        .orElse(null),
                                Target.atMost(HARD_START_SECONDS),
                                Target.atMost(SOFT_START_SECONDS)),
                        new Claim(
                                "packets lost in the first second under load",
                                trials.spread(loaded.name(), Metric.DROPS).orElse(null),
                                Target.atMost(0),
                                null)));
    }

    private record Start(String name, CaptureProgram sensor, Bench bench, boolean underLoad)
            implements Contender {
        @Override
        public Sample measure(Trial trial) throws InterruptedException {
            if (!underLoad) {
                return start();
            }
            LoadSpec load = LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS);
            try (Injection injection =
                    Injector.start(bench.home(), bench.workFolder(), load, LOAD_LIMIT_SECONDS)) {
                Sample sample = start();
                if (!injection.isAlive()) {
                    throw new BenchException("the load ended before the sensor did");
                }
                return sample;
            }
        }

        private Sample start() throws InterruptedException {
            try (RunningCapture capture = sensor.start(bench.workFolder())) {
                Thread.sleep(FIRST_SECOND);
                CaptureOutcome outcome = capture.stop();
                Map<Metric, Double> figures = new HashMap<>(outcome.more());
                figures.keySet().retainAll(List.of(SensorToKafka.START_SECONDS));
                figures.put(Metric.DROPS, (double) outcome.dropped());
                return new Sample(figures, Map.of(), underLoad ? Limit.INJECTOR : "start-up");
            }
        }
    }
}
