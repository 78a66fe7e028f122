package dev.ringtail.consumer.flows;

import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// How to run a flow analysis.
///
/// @param clientProperties Kafka properties, `bootstrap.servers` among them; they win over the
///   defaults made here, but for those that keep the analysis exactly once
/// @param topics names of the topics
/// @param wireFormat how flow records name their schema
/// @param timeouts when records are closed
/// @param stateFolder for what Kafka Streams keeps on disk: an id and locks, no state that a
///   changelog does not have too; one process at a time
public record FlowAnalysisConfig(
        Map<String, Object> clientProperties,
        Topics topics,
        WireFormat wireFormat,
        FlowTimeouts timeouts,
        Path stateFolder) {
    private static final int MEBIBYTE = 1 << 20;

    /// Copies the properties.
    public FlowAnalysisConfig {
        clientProperties = Map.copyOf(clientProperties);
    }

    /// `prefix-flow-analysis`: consumer group, transactional ids and changelogs go by this.
    String applicationId() {
        String packets = topics.packets();
        return packets.substring(0, packets.lastIndexOf('.')) + "-flow-analysis";
    }

    /// Properties of the Kafka Streams application.
    Map<String, Object> streamsProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 32L * MEBIBYTE);
        // A record is a batch of up to 256 KiB: the default of 1000 would hold 4 GiB at 16
        // partitions.
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 8);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 32);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
                16 * MEBIBYTE);
        // The kernel's own sizing: Kafka's default of 64 KiB makes the broker wait for the reader.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), -1);
        // After a crash the next start has to wait for this before it gets the partitions.
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        // Changelog records bear packet time, and sensors' clocks may be ahead of the broker's.
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
                Long.toString(Long.MAX_VALUE));
        properties.putAll(clientProperties);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        // A batch that was aggregated in part may not be passed over: its flows were changed.
        properties.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndFailProcessingExceptionHandler.class);
        return properties;
    }
}
