package dev.ringtail.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.Reports;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.consumer.testing.TestTopics.Result;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.StreamReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.publish.KafkaDestination;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.TopicSettings;
import dev.ringtail.testing.Page;
import dev.ringtail.testing.PageCommands;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Packets in tiered storage and packets that expire, under the settings of
/// `docs/how-to/keep-packets-longer.md`, set by its commands. The remote store is Kafka's own for
/// tests, a folder.
class RetentionIT {
    private static final Page PAGE = Page.of("how-to/keep-packets-longer.md");
    private static final String BROKER = "kafka:9092";
    private static final TopicPartition PACKETS = new TopicPartition("capture.packets", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int BATCHES_OF_AGE = 12;
    private static final int PACKETS_OF_BATCH = 2;
    private static final int PACKETS_OF_AGE = BATCHES_OF_AGE * PACKETS_OF_BATCH;

    @TempDir private static Path brokerFolder;
    @TempDir private static Path remoteFolder;
    private static LocalKafka kafka;
    private static Admin admin;

    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() {
        kafka =
                LocalKafka.start(
                        brokerFolder,
                        0,
                        Map.of(
                                "remote.log.storage.system.enable",
                                "true",
                                "remote.log.storage.manager.class.name",
                                "org.apache.kafka.server.log.remote.storage.LocalTieredStorage",
                                "rsm.config.dir",
                                remoteFolder.toString(),
                                "remote.log.metadata.manager.listener.name",
                                "PLAINTEXT",
                                "rlmm.config.remote.log.metadata.topic.replication.factor",
                                "1",
                                "rlmm.config.remote.log.metadata.topic.num.partitions",
                                "1",
                                "remote.log.manager.task.interval.ms",
                                "500",
                                "log.retention.check.interval.ms",
                                "500",
                                "log.initial.task.delay.ms",
                                "500"));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        kafka.close();
    }

    @Test
    void packetsAreReadFromTieredStorageUntilTheyExpire() throws Exception {
        // Segments of the least size that Kafka allows, so that a few packets make several.
        Map<String, String> segments = Map.of("segment.bytes", Integer.toString(1 << 20));
        PageCommands commands =
                new PageCommands(folder, Map.of(BROKER, kafka.bootstrapServers()))
                        .program("kafka-configs.sh", "kafka.admin.ConfigCommand");
        Instant now = Instant.now();
        try (TestTopics topics = new TestTopics(kafka, "capture", 1, segments)) {
            commands.run(alter("remote.storage.enable=true"));
            send(topics, 0, now.minus(Duration.ofDays(40)));
            send(topics, 1, now.minus(Duration.ofDays(2)));
            send(topics, 2, now);
            int all = 3 * PACKETS_OF_AGE;
            topics.send(
                    Reports.report(
                            "s",
                            "t",
                            all,
                            List.of(new StreamReport(0, 0, (long) all, (long) all)),
                            List.of()));

            await().atMost(PATIENCE)
                    .until(() -> offset(OffsetSpec.earliestLocal()) > BATCHES_OF_AGE);
            assertThat(offset(OffsetSpec.earliest())).isZero();
            assertThat(verified(topics))
                    .containsPattern("s/t +%d +0 +0 +0 +%d".formatted(all, all));
            assertThat(exported(topics)).contains(all + " packets,").doesNotContain("deleted");

            commands.run(alter("retention.ms="));

            await().atMost(PATIENCE).until(() -> offset(OffsetSpec.earliest()) > 0);
            long expired = offset(OffsetSpec.earliest()) * PACKETS_OF_BATCH;
            assertThat(expired).isLessThanOrEqualTo(PACKETS_OF_AGE);
            assertThat(verified(topics))
                    .containsPattern(
                            "s/t +%d +%d +0 +0 +%d".formatted(all - expired, expired, all));
            assertThat(exported(topics))
                    .contains((all - expired) + " packets,")
                    .contains(" 0 missing")
                    .contains("has deleted the oldest batches of 1 of 1 partitions");
            assertThat(exported(topics, "--from", "-1d"))
                    .startsWith(PACKETS_OF_AGE + " packets,")
                    .doesNotContain("deleted");
        }
    }

    /// What a sensor says of the topic that the page makes beforehand.
    @Test
    void aTopicMadeByHandCostsPacketsByTheirAgeAlone() throws Exception {
        new PageCommands(
                        folder,
                        Map.of(
                                BROKER,
                                kafka.bootstrapServers(),
                                "--topic capture.",
                                "--topic made.",
                                "--replication-factor 3",
                                "--replication-factor 1"))
                .program("kafka-topics.sh", "org.apache.kafka.tools.TopicCommand")
                .run(PAGE.block("kafka-topics.sh"));

        KafkaDestination destination =
                KafkaDestination.prepare(
                        new KafkaSettings(Map.of("bootstrap.servers", kafka.bootstrapServers())),
                        Topics.withPrefix("made"),
                        TopicSettings.defaults(),
                        pause -> true,
                        progress -> {});

        assertThat(destination.warnings())
                .singleElement()
                .asString()
                .contains("made.packets")
                .contains("retention.ms");
    }

    /// The command of the page that sets something.
    private static String alter(String setting) {
        return PAGE.blocks().stream()
                .filter(block -> block.startsWith("kafka-configs.sh"))
                .filter(block -> block.contains("--add-config " + setting))
                .findFirst()
                .orElseThrow();
    }

    /// Batches of about 200 kB, twelve of which fill two segments.
    private static void send(TestTopics topics, int age, Instant time) throws Exception {
        long firstNs = time.toEpochMilli() * 1_000_000;
        for (int batch = 0; batch < BATCHES_OF_AGE; batch++) {
            long first = 1 + (long) age * PACKETS_OF_AGE + (long) batch * PACKETS_OF_BATCH;
            topics.send(
                    Batches.batch(
                            "s",
                            "t",
                            0,
                            0,
                            first,
                            List.of(
                                    new TestPacket(first, firstNs + batch, "x".repeat(100_000)),
                                    new TestPacket(
                                            first + 1, firstNs + batch, "y".repeat(100_000)))));
        }
    }

    private static long offset(OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(PACKETS, spec)).all().get().get(PACKETS).offset();
    }

    private static String verified(TestTopics topics) {
        Result result = topics.run("verify");
        assertThat(result.exit()).as(result.err()).isZero();
        return result.out();
    }

    private String exported(TestTopics topics, String... range) {
        List<String> arguments =
                new ArrayList<>(List.of("-w", folder.resolve("out.pcapng").toString()));
        arguments.addAll(List.of(range));
        Result result = topics.run("export", arguments.toArray(String[]::new));
        assertThat(result.exit()).as(result.err()).isZero();
        return result.err();
    }
}
