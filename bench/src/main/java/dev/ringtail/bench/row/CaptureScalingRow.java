package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.load.Transmitter;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.ArrayList;
import java.util.List;

/// What a captured packet costs as flows, partitions, lanes or the rate grow.
public final class CaptureScalingRow implements Row {
    private static final int SECONDS = 1;
    private static final int RING_MEBIBYTES = 64;
    private static final String LANE = "lane";
    private static final String SENSOR = "sensor into Kafka";

    /// Of the file whose frames are transmitted again and again: more than a processor's cache
    /// holds.
    private static final int FILE_PACKETS = 20_000;

    private final String name;
    private final String title;
    private final String quantity;
    private final List<Integer> sizes;
    private final double tolerance;
    private final Steps steps;

    private CaptureScalingRow(
            String name,
            String title,
            String quantity,
            List<Integer> sizes,
            double tolerance,
            Steps steps) {
        this.name = name;
        this.title = title;
        this.quantity = quantity;
        this.sizes = sizes;
        this.tolerance = tolerance;
        this.steps = steps;
    }

    /// The captures of a step.
    @FunctionalInterface
    private interface Steps {
        /// @param size how much of the quantity there is
        /// @return one for each subject, named by it
        List<LoadedCapture> of(int size, Bench bench) throws InterruptedException;
    }

    /// The row of flows. One flow fills one batch, which stays in the cache; many fill all.
    public static Row flows() {
        return new CaptureScalingRow(
                "scale-flows",
                "as flows grow: ring → batch, 60 B, 16 partitions",
                "flows",
                List.of(1, 100, 10_000, 100_000),
                2,
                (flows, bench) ->
                        List.of(
                                new LoadedCapture(
                                        LANE,
                                        new RingToBatch(RING_MEBIBYTES),
                                        Injector::start,
                                        LoadSpec.unpaced(FrameSize.SMALL, flows),
                                        bench)));
    }

    /// The row of partitions for a lane, which has one open batch for each.
    public static Row partitions() {
        return new CaptureScalingRow(
                "scale-partitions",
                "as partitions grow: ring → batch, 60 B, 10 000 flows",
                "partitions",
                List.of(1, 4, 16, 64),
                2,
                (partitions, bench) ->
                        List.of(
                                new LoadedCapture(
                                        LANE,
                                        new RingToBatch(RING_MEBIBYTES, 1, partitions),
                                        Injector::start,
                                        LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS),
                                        bench)));
    }

    /// The row of partitions for the whole sensor, which also has as many records to send.
    public static Row topicPartitions() {
        return new CaptureScalingRow(
                "scale-records",
                "as partitions grow: ring → Kafka, 60 B, 10 000 flows",
                "partitions",
                List.of(1, 64),
                2,
                (partitions, bench) ->
                        List.of(
                                new LoadedCapture(
                                        SENSOR,
                                        new SensorToKafka(bench.home(), bench.broker(), partitions),
                                        Injector::start,
                                        LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS),
                                        bench)));
    }

    /// The row of lanes. On two processors, of which the injector has one, the lanes above one are
    /// more than there are processors for, and share.
    public static Row lanes() {
        return new CaptureScalingRow(
                "scale-lanes",
                "as lanes grow: ring → batch, 60 B; more than %d share the processors"
                        .formatted(Runtime.getRuntime().availableProcessors() - 1),
                "lanes",
                List.of(1, 2, 4),
                2,
                (lanes, bench) ->
                        List.of(
                                new LoadedCapture(
                                        LANE,
                                        new RingToBatch(
                                                RING_MEBIBYTES, lanes, SensorToKafka.PARTITIONS),
                                        Injector::start,
                                        LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS),
                                        bench)));
    }

    /// The row of the rate, with frames that came out of a transmit ring and not by injection. A
    /// slow rate costs more for each packet, as wake-ups are shared by fewer.
    ///
    /// @param size of the frames
    /// @param flows count of five-tuples that they belong to
    public static Row pacedRate(FrameSize size, int flows) {
        return new CaptureScalingRow(
                "tx-ring",
                "paced TX_RING over the veth as the rate grows: ring → batch and ring → Kafka, "
                        + size,
                "packets/s",
                List.of(50_000, 200_000),
                1.2,
                (rate, bench) -> {
                    LoadSpec load = new LoadSpec(size, flows, rate);
                    Transmitter transmitter = new Transmitter(transmitted(load, bench));
                    return List.of(
                            new LoadedCapture(
                                    LANE,
                                    new RingToBatch(RING_MEBIBYTES),
                                    transmitter,
                                    load,
                                    bench),
                            new LoadedCapture(
                                    SENSOR,
                                    new SensorToKafka(bench.home(), bench.broker()),
                                    transmitter,
                                    load,
                                    bench));
                });
    }

    private static CaptureFile transmitted(LoadSpec load, Bench bench) {
        return CaptureFile.write(
                bench.workFolder().resolve("transmitted.pcapng"),
                FILE_PACKETS,
                load.size(),
                load.flows(),
                1);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        List<Integer> present = bench.steps(sizes);
        List<Contender> contenders = new ArrayList<>();
        List<Contender> paced = new ArrayList<>();
        List<Scaling> scalings = new ArrayList<>();
        for (int size : present) {
            for (LoadedCapture capture : steps.of(size, bench)) {
                Scaling scaling = new Scaling(capture.name(), quantity, present);
                Contender contender = contender(capture, scaling.contender(size));
                contenders.add(contender);
                if (capture.load().isPaced()) {
                    paced.add(contender);
                }
                if (!scalings.contains(scaling)) {
                    scalings.add(scaling);
                }
            }
        }
        Trials trials = bench.repetitions().run(name, bench.trialOf(SECONDS), contenders);
        List<Claim> claims = new ArrayList<>();
        scalings.forEach(scaling -> claims.addAll(scaling.claims(trials, tolerance)));
        for (Contender contender : paced) {
            claims.add(
                    new Claim(
                            contender.name() + ", packets lost",
                            trials.spread(contender.name(), Metric.DROPS).orElse(null),
                            Target.atMost(0),
                            null));
        }
        return Result.of(trials, claims);
    }

    private static Contender contender(LoadedCapture capture, String name) {
        return new CaptureContender(
                capture.withName(name),
                List.of(Metric.CPU_NS_PER_PACKET, Metric.PACKETS_PER_SECOND, Metric.DROPS));
    }
}
