package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.peer.RingCount;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/// From ring to Kafka at the rate of small frames, as fast as the injector goes, beside what a
/// reader gets that only counts.
///
/// Lane and reader are pinned away from the injector's processor, as lanes are on a host where some
/// processors take a NIC's interrupts. Else the kernel, which wakes them there, lets them run
/// there, and the injector waits, which a NIC would not. Publisher, Kafka's client and the broker
/// run where the scheduler has them.
public final class RingToKafkaRow implements Row {
    private static final int RING_MEBIBYTES = 256;

    /// What a buffer takes for a while is no rate that Kafka keeps up with.
    private static final int BAR_SECONDS = 60;

    /// The counter's rate is steady; it needs no such time to show.
    private static final Duration COUNT_ONLY_LIMIT = Duration.ofSeconds(5);

    /// The last processor; the injector has the first.
    private static final int READER_CPU = Runtime.getRuntime().availableProcessors() - 1;

    private final int seconds;

    /// @param seconds how long Kafka has to keep up
    public RingToKafkaRow(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "ring-kafka";
    }

    @Override
    public String title() {
        return "ring → Kafka: 60 B frames of 10 000 flows into 16 partitions, broker beside it;"
                + " lane and counter pinned";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        LoadSpec load = LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS);
        List<Metric> shown =
                List.of(Metric.PACKETS_PER_SECOND, Metric.DROPS, Metric.CPU_NS_PER_PACKET);
        Contender sensor =
                new CaptureContender(
                        "ringtail sensor, lane pinned",
                        new SensorToKafka(bench.home(), bench.broker())
                                .withLanePinnedTo(READER_CPU),
                        load,
                        bench,
                        shown);
        Contender counter =
                new Shortened(
                        new CaptureContender(
                                "count-only ring, pinned",
                                RingCount.countOnly(bench.home(), RING_MEBIBYTES)
                                        .pinnedTo(READER_CPU),
                                load,
                                bench,
                                shown),
                        COUNT_ONLY_LIMIT);
        Duration trial = bench.trialOf(seconds);
        Trials trials = bench.repetitions().run(name(), trial, List.of(sensor, counter));
        @Nullable String noVerdict = noVerdict(trial);
        return Result.of(
                trials,
                List.of(
                        new Claim(
                                "sensor into Kafka ÷ count-only reader, packets/s, 60 B",
                                trials.ratio(
                                                sensor.name(),
                                                counter.name(),
                                                Metric.PACKETS_PER_SECOND)
                                        .orElse(null),
                                Target.atLeast(0.9),
                                null,
                                noVerdict),
                        new Claim(
                                "sensor into Kafka, packets/s, 60 B",
                                trials.spread(sensor.name(), Metric.PACKETS_PER_SECOND)
                                        .orElse(null),
                                null,
                                Target.atLeast(1_200_000),
                                noVerdict),
                        new Claim(
                                "sensor into Kafka, packets lost in the trial, 60 B",
                                trials.spread(sensor.name(), Metric.DROPS).orElse(null),
                                Target.atMost(0),
                                null,
                                noVerdict)));
    }

    private static @Nullable String noVerdict(Duration trial) {
        return trial.toSeconds() < BAR_SECONDS
                ? "trials of %d s, the bar is for %d".formatted(trial.toSeconds(), BAR_SECONDS)
                : null;
    }
}
