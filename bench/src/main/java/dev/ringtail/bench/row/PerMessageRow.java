package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.peer.PcapKafka;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.ArrayList;
import java.util.List;

/// CPU time of the whole process for each packet that Kafka has, beside one message a packet in C.
public final class PerMessageRow implements Row {
    private static final int SECONDS = 15;

    @Override
    public String name() {
        return "per-message";
    }

    @Override
    public String title() {
        return "CPU of the whole process per packet, against one message a packet in C"
                + " (libpcap + librdkafka)";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        List<CaptureProgram> programs =
                List.of(
                        new SensorToKafka(bench.home(), bench.broker()),
                        new PcapKafka(bench.home(), bench.broker()));
        List<Contender> contenders = new ArrayList<>();
        for (FrameSize size : bench.sizes()) {
            for (CaptureProgram program : programs) {
                contenders.add(
                        new CaptureContender(
                                name(program.name(), size),
                                program,
                                LoadSpec.unpaced(size, LoadSpec.MANY_FLOWS),
                                bench,
                                List.of(
                                        Metric.CPU_NS_PER_PACKET,
                                        Metric.PACKETS_PER_SECOND,
                                        Metric.DROPS)));
            }
        }
        Trials trials = bench.repetitions().run(name(), bench.trialOf(SECONDS), contenders);
        return Result.of(
                trials, bench.sizes().stream().map(size -> claim(trials, programs, size)).toList());
    }

    private static Claim claim(Trials trials, List<CaptureProgram> programs, FrameSize size) {
        boolean small = size == FrameSize.SMALL;
        return new Claim(
                "sensor ÷ one message a packet, CPU per packet, " + size,
                trials.ratio(
                                name(programs.getFirst().name(), size),
                                name(programs.getLast().name(), size),
                                Metric.CPU_NS_PER_PACKET)
                        .orElse(null),
                Target.atMost(small ? 1.0 / 5 : 1 / 1.5),
                Target.atMost(small ? 1.0 / 10 : 1.0 / 2));
    }

    private static String name(String program, FrameSize size) {
        return program + ", " + size;
    }
}
