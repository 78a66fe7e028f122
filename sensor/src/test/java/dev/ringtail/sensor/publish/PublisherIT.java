package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.BatchHeaders;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.LateRun;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Tally;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.LedgerTable;
import dev.ringtail.sensor.ledger.SessionFacts;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

class PublisherIT {
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int BATCH_BYTES = 16 * 1024;
    private static final TopicSettings SETTINGS =
            new TopicSettings(TestLane.PARTITION_COUNT, 1L << 30, BATCH_BYTES);

    @TempDir private Path folder;

    private final Topics topics = Topics.withPrefix("test");
    private volatile LocalKafka broker;
    private KafkaSettings kafka;

    @BeforeEach
    void startBroker() {
        broker = LocalKafka.start(folder.resolve("kafka"), 0, Map.of());
        kafka = settings(Map.of());
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void publishesEveryPacketOnceInOrderWithHeadersAndTimestamp() {
        TopicFacts facts = TopicSetup.prepare(kafka, topics, SETTINGS);
        Ledger ledger = ledger();
        // Half an hour ahead, so that no machine is so slow that they count as late.
        Instant start = Clock.systemUTC().instant().plus(Duration.ofMinutes(30));
        long nowNs = Ledger.nanosecondsOf(start);
        Map<Integer, List<byte[]>> sent = new TreeMap<>();
        try (Publisher publisher = publisher(ledger, false)) {
            List<TestLane> lanes = lanes(2, facts, ledger, publisher);
            publisher.start();
            Random random = new Random(7);
            for (int i = 0; i < 5000; i++) {
                byte[] frame = new byte[20 + random.nextInt(500)];
                random.nextBytes(frame);
                int partition = random.nextInt(TestLane.PARTITION_COUNT);
                int lane = i % 2;
                lanes.get(lane).capture(frame, nowNs + i, partition);
                sent.computeIfAbsent(lane * 100 + partition, k -> new ArrayList<>()).add(frame);
            }
            lanes.forEach(TestLane::handOver);

            assertThat(publisher.drain(DRAIN)).isTrue();
        }

        Map<Integer, List<byte[]>> found = new TreeMap<>();
        Map<Integer, Long> nextNumber = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.readAll(kafka, topics.packets())) {
            PacketBatch batch = decode(record);
            int stream = batch.getLane() * 100 + batch.getPartition();
            assertThat(record.key()).isNull();
            assertThat(record.partition()).isEqualTo(batch.getPartition());
            assertThat(record.timestamp())
                    .isEqualTo(Math.ceilDiv(batch.getMaxTimestampNs(), 1_000_000L));
            assertThat(headers(record)).isEqualTo(headers(batch));
            assertThat(batch.getFirstPacketNumber()).isEqualTo(nextNumber.getOrDefault(stream, 1L));
            nextNumber.put(stream, batch.getFirstPacketNumber() + batch.getPackets().size());
            for (Packet packet : batch.getPackets()) {
                byte[] data = new byte[packet.getData().remaining()];
                packet.getData().get(data);
                found.computeIfAbsent(stream, k -> new ArrayList<>()).add(data);
            }
        }
        assertThat(found.keySet()).isEqualTo(sent.keySet());
        sent.forEach(
                (stream, frames) ->
                        assertThat(found.get(stream).toArray(byte[][]::new))
                                .isDeepEqualTo(frames.toArray(byte[][]::new)));
        SensorReport report = ledger.snapshot(true);
        assertThat(Balance.check(report)).isEmpty();
        assertThat(acknowledgedPackets(report)).isEqualTo(5000);
        assertThat(report.getStreams()).hasSize(8);
        assertThat(report.getLateRuns()).isEmpty();
    }

    @Test
    void losesAndRepeatsNothingWhenTheBrokerRestarts() {
        TopicFacts facts = TopicSetup.prepare(kafka, topics, SETTINGS);
        Ledger ledger = ledger();
        long nowNs = Ledger.nanosecondsOf(Clock.systemUTC().instant());
        CompletableFuture<Void> restarted = new CompletableFuture<>();
        try (Publisher publisher = publisher(ledger, false)) {
            TestLane lane = lanes(1, facts, ledger, publisher).getFirst();
            publisher.start();
            for (int i = 0; i < 3000; i++) {
                lane.capture(new byte[300], nowNs + i, i % TestLane.PARTITION_COUNT);
                if (i == 1000) {
                    Awaitility.await().until(() -> acknowledgedPackets(ledger.snapshot(false)) > 0);
                    // Not on this thread: the lane may have to wait until the broker is back.
                    restarted = CompletableFuture.runAsync(this::restartBroker);
                }
            }
            lane.handOver();
            restarted.join();

            assertThat(publisher.drain(Duration.ofMinutes(1))).isTrue();
        }

        SensorReport report = ledger.snapshot(true);
        assertThat(Balance.check(report)).isEmpty();
        assertThat(acknowledgedPackets(report)).isEqualTo(3000);
        assertThat(packetCount()).isEqualTo(3000);
    }

    @Test
    void countsWhatTheBrokerNeverAnsweredAsUnknown() {
        TopicFacts facts = TopicSetup.prepare(kafka, topics, SETTINGS);
        Ledger ledger = ledger();
        long nowNs = Ledger.nanosecondsOf(Clock.systemUTC().instant());
        try (Publisher publisher = publisher(ledger, false)) {
            TestLane lane = lanes(1, facts, ledger, publisher).getFirst();
            publisher.start();
            lane.capture(new byte[100], nowNs, 0);
            lane.handOver();
            Awaitility.await().until(() -> acknowledgedPackets(ledger.snapshot(false)) == 1);
            broker.close();
            for (int i = 0; i < 40; i++) {
                lane.capture(new byte[1000], nowNs + i, 0);
            }
            lane.handOver();

            assertThat(publisher.drain(Duration.ofSeconds(2))).isFalse();
        }

        LaneLedger lane = ledger.snapshot(true).getLanes().getFirst();
        assertThat(lane.getAcknowledged()).isEqualTo(new Tally(1L, 100L));
        assertThat(lane.getUnknown()).isEqualTo(new Tally(40L, 40_000L));
        assertThat(lane.getInFlight()).isEqualTo(new Tally(0L, 0L));
        assertThat(Balance.check(ledger.snapshot(true))).isEmpty();
    }

    @Test
    void rejectsABatchThatIsTooLargeAndGoesOn() {
        TopicSetup.prepare(kafka, topics, SETTINGS);
        kafka = settings(Map.of("max.request.size", "20000"));
        Ledger ledger = ledger();
        long nowNs = Ledger.nanosecondsOf(Clock.systemUTC().instant());
        try (Publisher publisher = publisher(ledger, false)) {
            TestLane lane = new TestLane(0, BATCH_BYTES, 100_000, ledger, publisher);
            publisher.start();
            lane.capture(new byte[100], nowNs, 0);
            lane.capture(new byte[50_000], nowNs, 0);
            lane.capture(new byte[100], nowNs, 0);
            lane.handOver();

            assertThat(publisher.drain(DRAIN)).isTrue();
        }

        LaneLedger lane = ledger.snapshot(true).getLanes().getFirst();
        assertThat(lane.getRejected())
                .isEqualTo(Map.of("RecordTooLargeException", new Tally(1L, 50_000L)));
        assertThat(lane.getAcknowledged()).isEqualTo(new Tally(2L, 200L));
        assertThat(Balance.check(ledger.snapshot(true))).isEmpty();
    }

    @Test
    void listsRecordsOfOldPacketsAsLateRuns() {
        TopicFacts facts = TopicSetup.prepare(kafka, topics, SETTINGS);
        Ledger ledger = ledger();
        long nowNs = Ledger.nanosecondsOf(Clock.systemUTC().instant());
        long oldNs = nowNs - Duration.ofSeconds(11).toNanos();
        try (Publisher publisher = publisher(ledger, false)) {
            TestLane lane = lanes(1, facts, ledger, publisher).getFirst();
            publisher.start();
            for (long timestampNs : new long[] {nowNs, oldNs, oldNs + 5, nowNs}) {
                lane.capture(new byte[100], timestampNs, 2);
                lane.handOver();
            }
            publisher.drain(DRAIN);
        }

        assertThat(ledger.snapshot(true).getLateRuns())
                .containsExactly(new LateRun(2, 1L, 2L, oldNs, oldNs + 5));
    }

    @Test
    void writesSchemasBeforeReportsAndAFinalReportAtTheEnd() {
        TopicSetup.prepare(kafka, topics, SETTINGS);
        Ledger ledger = ledger();
        try (ReportPublisher reports =
                new ReportPublisher(kafka, topics, WireFormat.SINGLE_OBJECT, ledger)) {
            reports.start();
            assertThat(TopicReader.readAll(kafka, topics.schemas()))
                    .hasSize(3)
                    .allSatisfy(PublisherIT::isKeyedByItsFingerprint);
            Awaitility.await()
                    .until(() -> TopicReader.readAll(kafka, topics.reports()).size() >= 2);

            reports.finish(ledger.snapshot(true), DRAIN);
        }

        ConsumerRecord<byte[], byte[]> last =
                TopicReader.readAll(kafka, topics.reports()).getLast();
        assertThat(new String(last.key(), StandardCharsets.UTF_8)).isEqualTo("alpha/s1");
        SensorReport report =
                SingleObject.decoder(SensorReport.class, SchemaLookup.NONE).decode(last.value());
        assertThat(report.getFinal$()).isTrue();
        assertThat(report.getSessionId()).isEqualTo("s1");
    }

    @Test
    void publishesWithWeakerAcksAndSaysSo() {
        TopicSetup.prepare(kafka, topics, SETTINGS);
        kafka = settings(Map.of("acks", "1"));
        Ledger ledger = ledger();
        try (Publisher publisher = publisher(ledger, false)) {
            TestLane lane = new TestLane(0, BATCH_BYTES, 100_000, ledger, publisher);
            publisher.start();
            lane.capture(new byte[100], 1, 0);
            lane.handOver();
            publisher.drain(DRAIN);
        }

        SensorReport report = ledger.snapshot(true);
        assertThat(acknowledgedPackets(report)).isEqualTo(1);
        assertThat(report.getWeakened()).isEqualTo("acks=1, enable.idempotence=false");
        assertThat(LedgerTable.of(report)).endsWith("balanced\n");
    }

    private void restartBroker() {
        int port = broker.port();
        broker.close();
        broker = LocalKafka.start(folder.resolve("kafka"), port, Map.of());
    }

    private Ledger ledger() {
        return new Ledger(
                new SessionFacts(
                        "alpha",
                        "s1",
                        "host",
                        "ringtail",
                        0,
                        TestLane.PARTITION_COUNT,
                        kafka.weakened()),
                Clock.systemUTC());
    }

    private Publisher publisher(Ledger ledger, boolean alwaysLate) {
        return new Publisher(kafka, topics.packets(), BATCH_BYTES, ledger, alwaysLate);
    }

    private static List<TestLane> lanes(
            int count, TopicFacts facts, Ledger ledger, Publisher publisher) {
        List<TestLane> lanes = new ArrayList<>();
        for (int lane = 0; lane < count; lane++) {
            lanes.add(new TestLane(lane, BATCH_BYTES, facts.maxRecordBytes(), ledger, publisher));
        }
        return lanes;
    }

    private KafkaSettings settings(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaSettings(properties);
    }

    private long packetCount() {
        return TopicReader.readAll(kafka, topics.packets()).stream()
                .mapToLong(r -> decode(r).getPackets().size())
                .sum();
    }

    private static long acknowledgedPackets(SensorReport report) {
        return report.getLanes().stream().mapToLong(l -> l.getAcknowledged().getPackets()).sum();
    }

    private static void isKeyedByItsFingerprint(ConsumerRecord<byte[], byte[]> record) {
        String json = new String(record.value(), StandardCharsets.UTF_8);
        assertThat(json).doesNotContain("avro.java");
        assertThat(new String(record.key(), StandardCharsets.UTF_8))
                .isEqualTo(
                        SingleObject.fingerprintText(
                                SingleObject.fingerprint(
                                        new org.apache.avro.SchemaParser()
                                                .parse(json)
                                                .mainSchema())));
    }

    private static PacketBatch decode(ConsumerRecord<byte[], byte[]> record) {
        return SingleObject.decoder(PacketBatch.class, SchemaLookup.NONE).decode(record.value());
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static Map<String, String> headers(PacketBatch batch) {
        return Map.of(
                BatchHeaders.SENSOR, batch.getSensorId(),
                BatchHeaders.SESSION, batch.getSessionId(),
                BatchHeaders.LANE, String.valueOf(batch.getLane()),
                BatchHeaders.FIRST_PACKET, String.valueOf(batch.getFirstPacketNumber()),
                BatchHeaders.PACKETS, String.valueOf(batch.getPackets().size()),
                BatchHeaders.MIN_NS, String.valueOf(batch.getMinTimestampNs()),
                BatchHeaders.MAX_NS, String.valueOf(batch.getMaxTimestampNs()));
    }
}
