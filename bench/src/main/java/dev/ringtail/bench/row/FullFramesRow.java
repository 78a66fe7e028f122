package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.peer.BareProducer;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.util.List;

/// From ring to Kafka where bytes are the limit: full frames of random bytes, more of them than any
/// producer sends, beside a producer that sends records of the same size without any capture.
public final class FullFramesRow implements Row {
    private static final int SECONDS = 20;

    @Override
    public String name() {
        return "ring-kafka-1514";
    }

    @Override
    public String title() {
        return "ring → Kafka: 1514 B incompressible frames, against a bare KafkaProducer";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        LoadSpec load = LoadSpec.unpaced(FrameSize.LARGE, LoadSpec.MANY_FLOWS);
        Contender sensor =
                new CaptureContender(
                        "ringtail sensor",
                        new SensorToKafka(bench.home(), bench.broker()),
                        load,
                        bench,
                        List.of(
                                Metric.BYTES_PER_SECOND,
                                Metric.CPU_SECONDS_PER_GB,
                                Metric.PACKETS_PER_SECOND,
                                Metric.DROPS));
        Contender producer =
                new BareProducerContender(new BareProducer(bench.broker()), load, bench);
        Trials trials =
                bench.repetitions().run(name(), bench.trialOf(SECONDS), List.of(sensor, producer));
        return Result.of(
                trials,
                List.of(
                        new Claim(
                                "sensor ÷ bare producer, bytes/s, 1514 B",
                                trials.ratio(
                                                sensor.name(),
                                                producer.name(),
                                                Metric.BYTES_PER_SECOND)
                                        .orElse(null),
                                Target.atLeast(0.8),
                                Target.atLeast(0.95)),
                        new Claim(
                                "sensor ÷ bare producer, CPU per GB, 1514 B",
                                trials.ratio(
                                                sensor.name(),
                                                producer.name(),
                                                Metric.CPU_SECONDS_PER_GB)
                                        .orElse(null),
                                null,
                                Target.atMost(1.15))));
    }
}
