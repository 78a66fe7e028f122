package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

class ManagedFlowsTest {
    /// Nothing listens on the port of tcpmux.
    private static final String NO_BROKER = "127.0.0.1:1";

    @TempDir private Path folder;

    @Test
    void namesAFaultThatHasNoMessage() {
        try (KafkaStreams neverStarted = streams()) {
            ManagedFlows flows =
                    new ManagedFlows(
                            neverStarted, "t", new FlowCounters(), () -> new StackOverflowError());

            assertThat(flows.troubles())
                    .containsExactly("failed: StackOverflowError", "Kafka Streams is created");
            neverStarted.close(Duration.ofSeconds(10));
        }
    }

    private KafkaStreams streams() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "managed-flows-test");
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, NO_BROKER);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        StreamsBuilder topology = new StreamsBuilder();
        topology.stream("t").foreach((key, value) -> {});
        return new KafkaStreams(topology.build(), properties);
    }
}
