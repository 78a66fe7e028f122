package dev.ringtail.bench.row;

import dev.ringtail.bench.load.Injected;
import dev.ringtail.bench.load.Injection;
import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.peer.BareProducer;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.CpuMeter;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.util.Map;

/// A producer alone, as fast as Kafka takes its records, while the injector runs beside it and
/// nobody captures.
final class BareProducerContender implements Contender {
    private final BareProducer producer;
    private final LoadSpec load;
    private final Bench bench;

    BareProducerContender(BareProducer producer, LoadSpec load, Bench bench) {
        this.producer = producer;
        this.load = load;
        this.bench = bench;
    }

    @Override
    public String name() {
        return "bare KafkaProducer";
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        try (BareProducer.Running sending = producer.start(bench.workFolder());
                Injection injection =
                        Injector.start(bench.home(), bench.workFolder(), load, trial.seconds())) {
            CpuMeter meter = CpuMeter.begin(sending.cpuParts());
            Injected injected = injection.result();
            Map<String, Double> cores = meter.cores();
            cores.put(Limit.INJECTOR, injected.cores());
            BareProducer.Sent sent = sending.stop();
            return new Sample(
                    Map.of(
                            Metric.BYTES_PER_SECOND, sent.bytes() / sent.seconds(),
                            Metric.CPU_SECONDS_PER_GB, (double) sent.cpuNs() / sent.bytes()),
                    cores,
                    Limit.of(cores, true));
        }
    }
}
