package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.util.List;
import java.util.Optional;

/// `ringtail flows` over a topic of which it knows nothing: what the trial before left in Kafka is
/// deleted, as another run over the same topic finds nothing new.
final class FlowsContender implements Contender {
    static final String NAME = "ringtail flows";

    private final FilledTopic topic;
    private final ReaderContender reader;

    FlowsContender(FilledTopic topic, Bench bench) {
        this.topic = topic;
        this.reader =
                ReaderContender.ofTopic(
                        NAME, topic, bench.workFolder().resolve("none"), bench, List.of("flows"));
    }

    @Override
    public String name() {
        return reader.name();
    }

    @Override
    public Optional<String> missing() {
        return reader.missing();
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        // Before, and not after: a trial that failed has its own fault to tell.
        topic.broker().deleteFlowsOf(topic.prefix());
        return reader.measure(trial);
    }
}
