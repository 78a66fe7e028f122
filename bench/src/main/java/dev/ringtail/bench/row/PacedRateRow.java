package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSource;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.load.Transmitter;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Frames that came out of a transmit ring and not by injection: none of them is lost. What one
/// costs falls as the rate grows, since more of them share a wake-up, so it has no bar.
public final class PacedRateRow implements Row {
    private static final List<Integer> RATES = List.of(50_000, 200_000);
    private static final int RING_MEBIBYTES = 64;

    /// In less, a sensor's cost is that of HotSpot's compiler, which works through Kafka's client.
    private static final int SECONDS = 15;

    private static final Duration LANE_LIMIT = Duration.ofSeconds(1);

    /// Of the file whose frames are transmitted again and again: at 60 B too, more data than a
    /// second-level cache holds.
    private static final int LEAST_FILE_PACKETS = 100_000;

    /// Each packet's flow is a random one: with so many, all but 2 % of the flows occur.
    private static final long FILE_PACKETS_PER_FLOW = 4;

    private final FrameSize size;
    private final int flows;

    /// @param size of the frames
    /// @param flows count of five-tuples that they belong to
    public PacedRateRow(FrameSize size, int flows) {
        this.size = size;
        this.flows = flows;
    }

    @Override
    public String name() {
        return "tx-ring";
    }

    @Override
    public String title() {
        return "paced TX_RING over the veth: ring → batch and ring → Kafka, %s, %d flows"
                .formatted(size, flows);
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        try (CaptureFile file = file(bench)) {
            LoadSource transmitter = new Transmitter(file);
            List<Contender> contenders = new ArrayList<>();
            for (int rate : bench.steps(RATES)) {
                LoadSpec load = new LoadSpec(size, flows, rate);
                contenders.add(
                        new Shortened(
                                contender(
                                        "lane",
                                        new RingToBatch(RING_MEBIBYTES),
                                        transmitter,
                                        load,
                                        bench),
                                LANE_LIMIT));
                contenders.add(
                        contender(
                                "sensor into Kafka",
                                new SensorToKafka(bench.home(), bench.broker()),
                                transmitter,
                                load,
                                bench));
            }
            Trials trials = bench.repetitions().run(name(), bench.trialOf(SECONDS), contenders);
            return Result.of(
                    trials,
                    contenders.stream().map(contender -> claim(trials, contender)).toList());
        }
    }

    private CaptureFile file(Bench bench) {
        return CaptureFile.write(
                bench.workFolder().resolve("transmitted.pcapng"),
                Math.max(LEAST_FILE_PACKETS, FILE_PACKETS_PER_FLOW * flows),
                size,
                flows,
                1);
    }

    private static Contender contender(
            String subject,
            CaptureProgram program,
            LoadSource transmitter,
            LoadSpec load,
            Bench bench) {
        return new CaptureContender(
                new LoadedCapture(
                        "%s, %d packets/s".formatted(subject, load.rate()),
                        program,
                        transmitter,
                        load,
                        bench),
                List.of(Metric.CPU_NS_PER_PACKET, Metric.PACKETS_PER_SECOND, Metric.DROPS));
    }

    private static Claim claim(Trials trials, Contender contender) {
        return new Claim(
                contender.name() + ", packets lost",
                trials.spread(contender.name(), Metric.DROPS).orElse(null),
                Target.atMost(0),
                null);
    }
}
