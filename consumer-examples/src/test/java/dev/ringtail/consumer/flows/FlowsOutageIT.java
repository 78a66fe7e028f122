package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// An analysis whose Kafka goes away for longer than Kafka's clients wait, and comes back.
class FlowsOutageIT {
    private static final int PARTITIONS = 4;
    private static final long SECOND = 1_000_000_000L;
    private static final Topics TOPICS = Topics.withPrefix("outage");
    private static final String GOES_ON =
            "Kafka did not answer; the analysis goes on from what is committed";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(FlowAnalysis.class);

    @BeforeEach
    void keepTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
    }

    @Test
    void goesOnWhenKafkaIsBackAndCountsEachPacketOnce() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(37, true).packets(6000, 40, 3000 * SECOND);
        List<BatchBuilder> batches = BatchBuilder.ofFlows(PARTITIONS, "outage", packets);
        LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0, Map.of());
        int port = kafka.port();
        FlowAnalysis analysis = null;
        try {
            createPackets(client(port));
            send(client(port), batches.subList(0, batches.size() / 2));
            analysis = start(port);
            FlowAnalysis running = analysis;
            Awaitility.await().atMost(PATIENCE).until(() -> running.counters().batches() > 0);
            kafka.close();
            Awaitility.await().atMost(PATIENCE).until(() -> !log.list.isEmpty());
            kafka = LocalKafka.start(folder.resolve("kafka"), port, Map.of());
            send(client(port), batches.subList(batches.size() / 2, batches.size()));

            analysis.finish(ProgressListener.NONE);

            DirectedTotals expected = new DirectedTotals();
            packets.forEach(expected::add);
            assertThat(written(port).byDirection()).isEqualTo(expected.byDirection());
            assertThat(analysis.counters().restarts()).isPositive();
            assertThat(log.list).extracting(ILoggingEvent::getMessage).containsOnly(GOES_ON);
        } finally {
            if (analysis != null) {
                analysis.close();
            }
            kafka.close();
        }
    }

    private FlowAnalysis start(int port) {
        Map<String, Object> client = client(port);
        client.put("producer.max.block.ms", 2_000);
        // Kafka goes before the first commit: there is a transaction that has to fail.
        client.put("commit.interval.ms", 20_000);
        client.put("producer.transaction.timeout.ms", 30_000);
        return FlowAnalysis.start(
                new FlowAnalysisConfig(
                        client,
                        TOPICS,
                        WireFormat.SINGLE_OBJECT,
                        FlowTimeouts.DEFAULT,
                        folder.resolve("state")),
                SchemaLookup.NONE);
    }

    private static void createPackets(Map<String, Object> client) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(TOPICS.packets(), PARTITIONS, (short) 1)
                                            .configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void send(Map<String, Object> client, List<BatchBuilder> batches)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (BatchBuilder batch : batches) {
                producer.send(
                                new ProducerRecord<>(
                                        TOPICS.packets(),
                                        batch.partition(),
                                        0L,
                                        null,
                                        batch.encode()))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static DirectedTotals written(int port) {
        DirectedTotals totals = new DirectedTotals();
        Map<String, Object> client = client(port);
        try (FlowTopics topics = new FlowTopics(client, TOPICS)) {
            List<TopicPartition> partitions = topics.flowsPartitions();
            try (FlowRecordReader reader =
                    new FlowRecordReader(client, partitions, SchemaLookup.NONE)) {
                reader.readTo(topics.endOffsets(partitions), totals::add);
            }
        }
        return totals;
    }

    private static Map<String, Object> client(int port) {
        return new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:" + port));
    }
}
