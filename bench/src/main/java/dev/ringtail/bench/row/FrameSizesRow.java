package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.List;

/// What a packet of each size costs a lane; the row of ring to batch has peers, for the smallest
/// and the largest alone.
public final class FrameSizesRow implements Row {
    private static final int SECONDS = 1;
    private static final int RING_MEBIBYTES = 64;

    private final int flows;

    /// @param flows count of five-tuples that the frames belong to
    public FrameSizesRow(int flows) {
        this.flows = flows;
    }

    @Override
    public String name() {
        return "frame-sizes";
    }

    @Override
    public String title() {
        return "ring → batch by frame size, %d flows".formatted(flows);
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        List<Contender> contenders =
                bench.steps(List.of(FrameSize.values())).stream()
                        .map(size -> contender(size, bench))
                        .toList();
        Trials trials = bench.repetitions().run(name(), bench.trialOf(SECONDS), contenders);
        return Result.of(trials, List.of());
    }

    private Contender contender(FrameSize size, Bench bench) {
        return new CaptureContender(
                "lane, " + size,
                new RingToBatch(RING_MEBIBYTES),
                LoadSpec.unpaced(size, flows),
                bench,
                List.of(
                        Metric.CPU_NS_PER_PACKET,
                        Metric.PACKETS_PER_SECOND,
                        Metric.BYTES_PER_SECOND,
                        Metric.DROPS));
    }
}
