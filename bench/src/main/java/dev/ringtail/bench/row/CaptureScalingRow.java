package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.RingToBatch;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.ArrayList;
import java.util.List;

/// What a captured packet costs as flows, partitions or lanes grow.
public final class CaptureScalingRow implements Row {
    private static final int RING_MEBIBYTES = 64;
    private static final double TOLERANCE = 2;

    private final String name;
    private final String title;
    private final Subject subject;
    private final String quantity;
    private final List<Integer> sizes;
    private final Steps steps;

    private CaptureScalingRow(
            String name,
            String title,
            Subject subject,
            String quantity,
            List<Integer> sizes,
            Steps steps) {
        this.name = name;
        this.title = title;
        this.subject = subject;
        this.quantity = quantity;
        this.sizes = sizes;
        this.steps = steps;
    }

    /// What has the cost, and for how long it is measured: a lane is compiled before it captures,
    /// while HotSpot's compiler works through Kafka's client for some seconds of its own time.
    private enum Subject {
        LANE("lane", 1),
        SENSOR("sensor into Kafka", 15);

        private final String text;
        private final int seconds;

        Subject(String text, int seconds) {
            this.text = text;
            this.seconds = seconds;
        }
    }

    /// A step's program and load.
    private record Step(CaptureProgram program, LoadSpec load) {}

    /// The steps of a row.
    @FunctionalInterface
    private interface Steps {
        /// @param size how much of the quantity there is
        Step of(int size, Bench bench) throws InterruptedException;
    }

    /// The row of flows. One flow fills one batch, which stays in the cache; many fill all.
    public static Row flows() {
        return new CaptureScalingRow(
                "scale-flows",
                "as flows grow: ring → batch, 60 B, %d partitions".formatted(Broker.PARTITIONS),
                Subject.LANE,
                "flows",
                List.of(1, 100, 10_000, 100_000),
                (flows, bench) ->
                        new Step(
                                new RingToBatch(RING_MEBIBYTES),
                                LoadSpec.unpaced(FrameSize.SMALL, flows)));
    }

    /// The row of partitions for a lane, which has one open batch for each.
    public static Row partitions() {
        return new CaptureScalingRow(
                "scale-partitions",
                "as partitions grow: ring → batch, 60 B, 10 000 flows",
                Subject.LANE,
                "partitions",
                List.of(1, 4, 16, 64),
                (partitions, bench) ->
                        new Step(new RingToBatch(RING_MEBIBYTES, 1, partitions), manyFlows()));
    }

    /// The row of partitions for the whole sensor, which also has as many records to send.
    public static Row topicPartitions() {
        return new CaptureScalingRow(
                "scale-records",
                "as partitions grow: ring → Kafka, 60 B, 10 000 flows",
                Subject.SENSOR,
                "partitions",
                List.of(1, 64),
                (partitions, bench) ->
                        new Step(
                                new SensorToKafka(bench.home(), bench.broker(), partitions),
                                manyFlows()));
    }

    /// The row of lanes. On two processors, of which the injector has one, the lanes above one are
    /// more than there are processors for, and share.
    public static Row lanes() {
        return new CaptureScalingRow(
                "scale-lanes",
                "as lanes grow: ring → batch, 60 B; more than %d share the processors"
                        .formatted(Runtime.getRuntime().availableProcessors() - 1),
                Subject.LANE,
                "lanes",
                List.of(1, 2, 4),
                (lanes, bench) ->
                        new Step(
                                new RingToBatch(RING_MEBIBYTES, lanes, Broker.PARTITIONS),
                                manyFlows()));
    }

    private static LoadSpec manyFlows() {
        return LoadSpec.unpaced(FrameSize.SMALL, LoadSpec.MANY_FLOWS);
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
        Scaling scaling = new Scaling(subject.text, "CPU per packet", quantity, present);
        List<Contender> contenders = new ArrayList<>();
        for (int size : present) {
            Step step = steps.of(size, bench);
            contenders.add(
                    new CaptureContender(
                            scaling.contender(size),
                            step.program(),
                            step.load(),
                            bench,
                            List.of(
                                    Metric.CPU_NS_PER_PACKET,
                                    Metric.PACKETS_PER_SECOND,
                                    Metric.DROPS)));
        }
        Trials trials = bench.repetitions().run(name, bench.trialOf(subject.seconds), contenders);
        return Result.of(trials, scaling.claims(trials, TOLERANCE));
    }
}
