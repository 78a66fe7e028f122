package dev.ringtail.sensor.publish;

import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.ledger.Ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The packets topic as the destination of a session's batches.
public final class KafkaDestination implements BatchDestination {
    private final KafkaSettings kafka;
    private final Topics topics;
    private final TopicFacts facts;
    private final WireFormat wireFormat;

    private KafkaDestination(
            KafkaSettings kafka, Topics topics, TopicFacts facts, WireFormat wireFormat) {
        this.kafka = kafka;
        this.topics = topics;
        this.facts = facts;
        this.wireFormat = wireFormat;
    }

    /// Makes or checks the topics, and waits for the schema registry where one is used.
    ///
    /// @param stopRequested waits for so long; true ends the wait for the registry
    /// @param progress told what is waited for, in a line
    /// @throws PublishException if Kafka can't be reached, the topics are not there and can't be
    ///   made, or the registry refuses a schema
    public static KafkaDestination prepare(
            KafkaSettings kafka,
            Topics topics,
            TopicSettings settings,
            Predicate<Duration> stopRequested,
            Consumer<String> progress) {
        progress.accept("waiting for Kafka at " + kafka.bootstrapServers());
        return new KafkaDestination(
                kafka,
                topics,
                TopicSetup.prepare(kafka, topics, settings),
                SessionFormat.await(kafka, topics, stopRequested, progress));
    }

    @Override
    public int partitionCount() {
        return facts.partitionCount();
    }

    @Override
    public int maxBatchBytes() {
        return facts.maxRecordBytes();
    }

    @Override
    public WireFormat wireFormat() {
        return wireFormat;
    }

    @Override
    public String weakened() {
        return kafka.weakened();
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        facts.differences().forEach(difference -> warnings.add(difference.toString()));
        String weakened = weakened();
        if (!weakened.isEmpty()) {
            warnings.add(
                    weakened
                            + ": what Kafka has acknowledged may be lost, or be there twice; every"
                            + " report says so");
        }
        return warnings;
    }

    @Override
    public String description() {
        return "%s at %s, %d partitions"
                .formatted(topics.packets(), kafka.bootstrapServers(), facts.partitionCount());
    }

    @Override
    public BatchSink open(Ledger ledger, int batchBytes) {
        return KafkaSink.open(kafka, topics, wireFormat, ledger, batchBytes);
    }
}
