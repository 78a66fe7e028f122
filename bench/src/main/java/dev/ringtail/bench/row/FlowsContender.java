package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.util.List;

/// `ringtail flows` over a topic that it has not seen: each trial fills one of its own, since a
/// second run over the same finds nothing new.
final class FlowsContender implements Contender {
    static final String NAME = "ringtail flows";

    private final CaptureFile file;
    private final Bench bench;

    /// @param file what the topics hold
    FlowsContender(CaptureFile file, Bench bench) {
        this.file = file;
        this.bench = bench;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        FilledTopic topic = bench.fillTopic("flows" + trial.repetition(), List.of(file));
        try {
            return ReaderContender.ofTopic(
                            NAME,
                            topic,
                            bench.workFolder().resolve("none"),
                            bench,
                            List.of("flows"))
                    .measure(trial);
        } finally {
            topic.delete();
        }
    }
}
