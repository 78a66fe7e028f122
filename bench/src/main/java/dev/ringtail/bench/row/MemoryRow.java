package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.List;

/// Memory at full rate: what is resident of the whole process, and what a lane allocates.
public final class MemoryRow implements Row {
    private static final int SECONDS = 4;
    private static final int RING_MEBIBYTES = 256;

    /// An object has 16 bytes at least, so below this there is less than one in 160 packets: some
    /// for a block or a batch, none for a packet.
    private static final double NOTHING = 0.1;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "anonymous memory (RssAnon) at full rate; heap that a lane allocates per packet";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        LoadSpec load = LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS);
        Contender sensor =
                new CaptureContender(
                        "ringtail sensor",
                        new SensorToKafka(bench.home(), bench.broker()),
                        load,
                        bench,
                        List.of(
                                LoadedCapture.RSS_ANON_MEBIBYTES,
                                SensorToKafka.GC_COUNT,
                                Metric.PACKETS_PER_SECOND));
        Contender lane =
                new CaptureContender(
                        "ringtail ring → batch",
                        new RingToBatch(RING_MEBIBYTES),
                        load,
                        bench,
                        List.of(RingToBatch.ALLOCATED_BYTES_PER_PACKET, Metric.PACKETS_PER_SECOND));
        Trials trials =
                bench.repetitions().run(name(), bench.trialOf(SECONDS), List.of(sensor, lane));
        return Result.of(
                trials,
                List.of(
                        new Claim(
                                "sensor at full rate, RssAnon MiB",
                                trials.spread(sensor.name(), LoadedCapture.RSS_ANON_MEBIBYTES)
                                        .orElse(null),
                                Target.atMost(384),
                                Target.atMost(256)),
                        new Claim(
                                "lane, heap bytes allocated per packet",
                                trials.spread(lane.name(), RingToBatch.ALLOCATED_BYTES_PER_PACKET)
                                        .orElse(null),
                                Target.atMost(NOTHING),
                                Target.atMost(NOTHING))));
    }
}
