package dev.ringtail.consumer.flows;

import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.consumer.CommandException;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the flow analysis asks of Kafka about its topics. Faults come as [CommandException] that
/// names the broker or the topic. Any thread.
final class FlowTopics implements AutoCloseable {
    /// Bound on every request; Kafka's own default of a minute is long for a mistyped address.
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Admin admin;
    private final Topics topics;
    private final String bootstrapServers;

    /// @param clientProperties as for any Kafka client, `bootstrap.servers` among them
    FlowTopics(Map<String, Object> clientProperties, Topics topics) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
        properties.put("request.timeout.ms", (int) TIMEOUT.toMillis());
        this.admin = Admin.create(properties);
        this.topics = topics;
        this.bootstrapServers = String.valueOf(clientProperties.get("bootstrap.servers"));
    }

    /// Partitions of the packets topic.
    ///
    /// @throws CommandException if there is no such topic
    List<TopicPartition> packetsPartitions() {
        return partitions(
                topics.packets(), "start a sensor or an import first, or mind --topic-prefix");
    }

    /// Partitions of the flows topic.
    ///
    /// @throws CommandException if there is no such topic
    List<TopicPartition> flowsPartitions() {
        return partitions(topics.flows(), "the flow analysis makes it");
    }

    private List<TopicPartition> partitions(String topic, String remedy) {
        try {
            return describe(topic, "READ").partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
        } catch (MissingTopicException e) {
            throw new CommandException(
                    "topic %s does not exist at %s: %s".formatted(topic, bootstrapServers, remedy),
                    e);
        }
    }

    /// @param operation what is going to be done with the topic, and includes looking at it
    /// @throws MissingTopicException if there is no such topic
    private TopicDescription describe(String topic, String operation) {
        return get(
                "look for topic " + topic,
                operation + " on topic " + topic,
                asked(admin.describeTopics(List.of(topic)).topicNameValues(), topic));
    }

    /// Makes the flows topic unless it is there: as many partitions as packets has, kept as long,
    /// and no limits on timestamps, which are those of the packets.
    void createFlows() {
        int partitionCount = packetsPartitions().size();
        if (exists(topics.flows())) {
            return;
        }
        NewTopic flows =
                new NewTopic(topics.flows(), Optional.of(partitionCount), Optional.empty())
                        .configs(
                                Map.of(
                                        TopicConfig.RETENTION_MS_CONFIG,
                                        packetsRetentionMs(),
                                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                                        Long.toString(Long.MAX_VALUE),
                                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                                        Long.toString(Long.MAX_VALUE)));
        try {
            admin.createTopics(List.of(flows)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw fault(
                        "create topic " + topics.flows(), "CREATE on topic " + topics.flows(), e);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Who uses a topic that an operator made needs neither to create one nor to know how long
    /// packets are kept.
    private boolean exists(String topic) {
        try {
            TopicDescription _ = describe(topic, "WRITE");
            return true;
        } catch (MissingTopicException e) {
            return false;
        }
    }

    private String packetsRetentionMs() {
        ConfigResource packets = new ConfigResource(ConfigResource.Type.TOPIC, topics.packets());
        return get(
                        "read the settings of topic " + topics.packets(),
                        "DESCRIBE_CONFIGS on it, or make topic %s".formatted(topics.flows()),
                        asked(admin.describeConfigs(List.of(packets)).values(), packets))
                .get(TopicConfig.RETENTION_MS_CONFIG)
                .value();
    }

    /// The first offset of each partition that is still there.
    Map<TopicPartition, Long> beginOffsets(List<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    /// One beyond the last offset of each partition, those of open transactions included.
    Map<TopicPartition, Long> endOffsets(List<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> request =
                partitions.stream().collect(Collectors.toMap(Function.identity(), p -> spec));
        Map<TopicPartition, ListOffsetsResultInfo> result =
                get("read offsets", "READ on the topic", admin.listOffsets(request).all());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        result.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /// The offset up to which a consumer group has committed each partition; partitions that it has
    /// not committed are missing.
    Map<TopicPartition, Long> committedOffsets(String groupId) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(
                        "read the progress of group " + groupId,
                        "READ on group " + groupId,
                        admin.listConsumerGroupOffsets(groupId)
                                .partitionsToOffsetAndMetadata(groupId));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        committed.forEach(
                (partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /// @param right what is needed for it, to be granted where it is missing
    private <T> T get(String attempt, String right, KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw fault(attempt, right, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// The admin client has a future for each thing that it was asked.
    private static <K, V> V asked(Map<K, V> futures, K key) {
        return Objects.requireNonNull(futures.get(key));
    }

    private RuntimeException fault(String attempt, String right, ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        return switch (cause) {
            case UnknownTopicOrPartitionException missing -> new MissingTopicException(missing);
            case TimeoutException timeout ->
                    CommandException.noAnswer(bootstrapServers, TIMEOUT, timeout);
            default ->
                    new CommandException(
                            "Kafka at %s refused to %s: %s"
                                    .formatted(
                                            bootstrapServers,
                                            attempt,
                                            KafkaFaults.describe(cause, right)),
                            cause);
        };
    }

    private CommandException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CommandException("interrupted while waiting for Kafka", e);
    }

    @Override
    public void close() {
        admin.close();
    }

    /// Kafka has no such topic.
    private static final class MissingTopicException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingTopicException(Throwable cause) {
            super(cause);
        }
    }
}
