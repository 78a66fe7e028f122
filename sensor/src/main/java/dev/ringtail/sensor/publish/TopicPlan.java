package dev.ringtail.sensor.publish;

import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The four topics as Ringtail makes them.
final class TopicPlan {
    private static final String NO_LIMIT = String.valueOf(Long.MAX_VALUE);
    private static final String NEVER = "-1";

    private TopicPlan() {}

    static List<NewTopic> topics(Topics topics, TopicSettings settings) {
        Map<String, String> recording =
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.COMPRESSION_TYPE_CONFIG,
                        "producer",
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "CreateTime",
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                        NO_LIMIT,
                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                        NO_LIMIT,
                        TopicConfig.RETENTION_MS_CONFIG,
                        NEVER,
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        String.valueOf(settings.retentionBytes()));
        // Kept longer than the packets, whose loss they explain; compaction bounds them.
        Map<String, String> reports =
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        "compact,delete",
                        TopicConfig.RETENTION_MS_CONFIG,
                        NEVER);
        Map<String, String> schemas =
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        int partitions = settings.packetPartitionCount();
        return List.of(
                topic(topics.packets(), partitions, recording),
                topic(topics.reports(), 1, reports),
                topic(topics.schemas(), 1, schemas),
                topic(topics.flows(), partitions, recording));
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> configs) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
    }
}
