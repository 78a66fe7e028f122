package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.peer.CaptureTool;
import dev.ringtail.bench.peer.GopacketCount;
import dev.ringtail.bench.peer.RingCount;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.ArrayList;
import java.util.List;

/// From ring to encoded batch: the lane's CPU time for a packet beside that of programs that write
/// to `/dev/null`, and of readers that only count. All have rings of 64 MiB.
public final class RingToBatchRow implements Row {
    private static final int SECONDS = 4;
    private static final int RING_MEBIBYTES = 64;

    @Override
    public String name() {
        return "ring-batch";
    }

    @Override
    public String title() {
        return "ring → encoded batch: CPU of the lane per packet, against tcpdump -w /dev/null";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        List<CaptureProgram> programs = new ArrayList<>();
        programs.add(new RingToBatch(RING_MEBIBYTES));
        programs.addAll(CaptureTool.ALL);
        programs.add(new GopacketCount(bench.home()));
        programs.add(RingCount.copying(bench.home(), RING_MEBIBYTES));
        programs.add(RingCount.countOnly(bench.home(), RING_MEBIBYTES));
        List<Contender> contenders = new ArrayList<>();
        for (FrameSize size : bench.sizes()) {
            for (CaptureProgram program : programs) {
                contenders.add(contender(program, size, bench));
            }
        }
        Trials trials = bench.repetitions().run(name(), bench.trialOf(SECONDS), contenders);
        return Result.of(trials, bench.sizes().stream().map(size -> claim(trials, size)).toList());
    }

    private static Contender contender(CaptureProgram program, FrameSize size, Bench bench) {
        return new CaptureContender(
                name(program.name(), size),
                program,
                LoadSpec.unpaced(size, LoadSpec.MANY_FLOWS),
                bench,
                List.of(Metric.CPU_NS_PER_PACKET, Metric.PACKETS_PER_SECOND, Metric.DROPS));
    }

    private static Claim claim(Trials trials, FrameSize size) {
        return new Claim(
                "lane ÷ tcpdump, CPU per packet, " + size,
                trials.ratio(
                                name(new RingToBatch(RING_MEBIBYTES).name(), size),
                                name(CaptureTool.TCPDUMP.name(), size),
                                Metric.CPU_NS_PER_PACKET)
                        .orElse(null),
                Target.atMost(0.8),
                Target.atMost(size == FrameSize.SMALL ? 0.5 : 0.7));
    }

    private static String name(String program, FrameSize size) {
        return program + ", " + size;
    }
}
