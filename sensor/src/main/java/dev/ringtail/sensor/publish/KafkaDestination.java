package dev.ringtail.sensor.publish;

import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.ledger.Ledger;

import java.util.List;

/// The packets topic as the destination of a session's batches.
public final class KafkaDestination implements BatchDestination {
    private final KafkaSettings kafka;
    private final Topics topics;
    private final TopicFacts facts;

    private KafkaDestination(KafkaSettings kafka, Topics topics, TopicFacts facts) {
        this.kafka = kafka;
        this.topics = topics;
        this.facts = facts;
    }

    /// Makes or checks the topics.
    ///
    /// @throws PublishException if Kafka can't be reached, or the topics are not there and can't be
    ///   made
    public static KafkaDestination prepare(
            KafkaSettings kafka, Topics topics, TopicSettings settings) {
        return new KafkaDestination(kafka, topics, TopicSetup.prepare(kafka, topics, settings));
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
    public String weakened() {
        return kafka.weakened();
    }

    @Override
    public List<String> warnings() {
        return facts.differences().stream().map(TopicDifference::toString).toList();
    }

    @Override
    public String description() {
        return "%s at %s, %d partitions"
                .formatted(topics.packets(), kafka.bootstrapServers(), facts.partitionCount());
    }

    @Override
    public BatchSink open(Ledger ledger, int batchBytes) {
        return KafkaSink.open(kafka, topics, ledger, batchBytes);
    }
}
