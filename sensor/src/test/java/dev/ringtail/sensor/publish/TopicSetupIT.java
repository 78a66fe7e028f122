package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

class TopicSetupIT {
    private static final TopicSettings SETTINGS = new TopicSettings(3, 5_000_000, 262_144);

    @TempDir private static Path folder;
    private static LocalKafka broker;
    private static KafkaSettings kafka;

    @BeforeAll
    static void startBroker() {
        broker = LocalKafka.start(folder.resolve("kafka"), 0, Map.of());
        kafka = new KafkaSettings(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void makesTheFourTopics() throws Exception {
        Topics topics = Topics.withPrefix("fresh");

        TopicFacts facts = TopicSetup.prepare(kafka, topics, SETTINGS);

        assertThat(facts.partitionCount()).isEqualTo(3);
        assertThat(facts.maxRecordBytes()).isEqualTo(1024 * 1024 - 1024);
        assertThat(facts.differences()).isEmpty();
        for (String recording : List.of(topics.packets(), topics.flows())) {
            Map<String, String> configs = configs(recording);
            assertThat(configs)
                    .containsEntry("cleanup.policy", "delete")
                    .containsEntry("message.timestamp.type", "CreateTime")
                    .containsEntry("compression.type", "producer")
                    .containsEntry("message.timestamp.before.max.ms", "9223372036854775807")
                    .containsEntry("message.timestamp.after.max.ms", "9223372036854775807")
                    .containsEntry("retention.ms", "-1")
                    .containsEntry("retention.bytes", "5000000");
        }
        assertThat(configs(topics.reports()))
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("retention.ms", "-1");
        assertThat(configs(topics.schemas())).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void findsItsOwnTopicsInOrderTheSecondTime() {
        Topics topics = Topics.withPrefix("again");
        TopicFacts first = TopicSetup.prepare(kafka, topics, SETTINGS);

        assertThat(TopicSetup.prepare(kafka, topics, SETTINGS)).isEqualTo(first);
    }

    @Test
    void saysWhatDiffersInAnExistingTopic() throws Exception {
        Topics topics = Topics.withPrefix("other");
        create(
                topics.packets(),
                Map.of(
                        "message.timestamp.type", "LogAppendTime",
                        "max.message.bytes", "100000",
                        "message.timestamp.before.max.ms", "3600000",
                        "retention.ms", "1000",
                        "compression.type", "gzip",
                        "cleanup.policy", "compact"));

        TopicFacts facts = TopicSetup.prepare(kafka, topics, SETTINGS);

        assertThat(facts.partitionCount()).isEqualTo(5);
        assertThat(facts.maxRecordBytes()).isEqualTo(100_000 - 1024);
        assertThat(facts.limits().logAppendTime()).isTrue();
        assertThat(facts.differences())
                .extracting(TopicDifference::setting)
                .containsExactlyInAnyOrder(
                        "message.timestamp.type",
                        "max.message.bytes",
                        "message.timestamp.before.max.ms",
                        "message.timestamp.after.max.ms",
                        "retention.ms",
                        "compression.type",
                        "cleanup.policy");
        assertThat(facts.differences().getFirst().toString())
                .isEqualTo(
                        "topic other.packets: cleanup.policy is compact, not delete: the broker"
                                + " rejects records without a key, or deletes earlier ones of the"
                                + " same key");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void namesAnAddressWhereNobodyAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            KafkaSettings away = new KafkaSettings(Map.of("bootstrap.servers", address));

            assertThatThrownBy(() -> TopicSetup.prepare(away, Topics.withPrefix("x"), SETTINGS))
                    .isInstanceOf(PublishException.class)
                    .hasMessageStartingWith("Kafka can't be reached at " + address);
        }
    }

    @Test
    void namesAHostThatDoesNotExist() {
        KafkaSettings away =
                new KafkaSettings(Map.of("bootstrap.servers", "no-such-host.invalid:9092"));

        assertThatThrownBy(() -> TopicSetup.prepare(away, Topics.withPrefix("x"), SETTINGS))
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("no-such-host.invalid:9092");
    }

    private static void create(String topic, Map<String, String> configs) throws Exception {
        try (Admin admin = Admin.create(kafka.admin())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, Optional.of(5), Optional.empty())
                                            .configs(configs)))
                    .all()
                    .get();
        }
    }

    private static Map<String, String> configs(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(kafka.admin())) {
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            Map<String, String> values = new java.util.HashMap<>();
            config.entries().forEach(e -> values.put(e.name(), e.value()));
            return values;
        }
    }
}
