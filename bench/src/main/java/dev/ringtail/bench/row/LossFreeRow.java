package dev.ringtail.bench.row;

import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.peer.RingCount;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Trials;

import java.util.List;

/// The loss-free rate: the highest offered rate at which a trial loses no packet, and how many are
/// lost above it.
public final class LossFreeRow implements Row {
    private static final int SECONDS = 4;
    private static final int RING_MEBIBYTES = 256;

    private final LoadSpec load;

    /// @param load sizes and flows; its rate is what is searched
    public LossFreeRow(LoadSpec load) {
        this.load = load;
    }

    @Override
    public String name() {
        return "loss-free";
    }

    @Override
    public String title() {
        return "loss-free rate, %s, %d flows".formatted(load.size(), load.flows());
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        List<LossFreeSearch> searches =
                List.of(
                        search(
                                "count-only ring",
                                RingCount.countOnly(bench.home(), RING_MEBIBYTES),
                                bench),
                        search("ring → batch", new RingToBatch(RING_MEBIBYTES), bench),
                        search(
                                "ring → Kafka",
                                new SensorToKafka(bench.home(), bench.broker()),
                                bench));
        Trials trials =
                bench.repetitions()
                        .run(name(), bench.trialOf(SECONDS), List.<Contender>copyOf(searches));
        return new Result(
                trials, List.of(), searches.stream().map(LossFreeSearch::lossCurve).toList());
    }

    private LossFreeSearch search(String name, CaptureProgram program, Bench bench) {
        return new LossFreeSearch(new LoadedCapture(name, program, Injector::start, load, bench));
    }
}
