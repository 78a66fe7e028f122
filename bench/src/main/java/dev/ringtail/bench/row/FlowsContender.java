package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.util.List;
import java.util.Map;

/// `ringtail flows` over a topic that it has not seen: each trial fills one of its own, since a
/// second run over the same finds nothing new.
final class FlowsContender implements Contender {
    static final String NAME = "ringtail flows";

    private final CaptureFile file;
    private final int partitionCount;
    private final Bench bench;

    /// @param file what the topics hold
    FlowsContender(CaptureFile file, int partitionCount, Bench bench) {
        this.file = file;
        this.partitionCount = partitionCount;
        this.bench = bench;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        FilledTopic topic =
                FilledTopic.fill(
                        bench.home(),
                        bench.broker(),
                        bench.workFolder(),
                        "flows" + trial.repetition(),
                        partitionCount,
                        List.of(file));
        try {
            return new ReaderContender(
                            NAME,
                            bench.home()
                                    .ringtail(
                                            "flows",
                                            "--bootstrap-server",
                                            bench.broker().bootstrapServers(),
                                            "--topic-prefix",
                                            topic.prefix()),
                            topic.packetCount(),
                            topic.dataBytes(),
                            bench.workFolder().resolve("none"),
                            Map.of(Limit.BROKER, bench.broker()::cpuNs),
                            bench.workFolder())
                    .measure(trial);
        } finally {
            topic.delete();
        }
    }
}
