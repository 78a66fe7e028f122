package dev.ringtail.localkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

class LocalKafkaIT {
    private static final String TOPIC = "things";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    @Test
    void startsOnAPortOfItsOwn() {
        try (LocalKafka kafka = start(0)) {
            assertThat(kafka.port()).isPositive();
            assertThat(LocalKafka.isPortFree(kafka.port())).isFalse();
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + kafka.port());
        }
    }

    @Test
    void refusesAFolderThatAnotherUsesAndGivesItBack() throws IOException {
        try (LocalKafka kafka = start(0)) {
            assertThatThrownBy(() -> start(0))
                    .isInstanceOf(LocalKafkaException.class)
                    .hasMessage(
                            "another Kafka uses %s; end it first, or give this one a folder of its"
                                    + " own",
                            folder.resolve("kafka"));
            assertThat(LocalKafka.isPortFree(kafka.port())).isFalse();
            // Another process is kept out still: the refusal has not given the lock up.
            assertThat(isLockedFor(folder.resolve("kafka/.in-use"))).isTrue();
        }
        start(0).close();
    }

    /// Whether the kernel has a lock of this process on a file, as proc(5) lists them.
    private static boolean isLockedFor(Path file) throws IOException {
        String lock =
                "POSIX .* WRITE %d \\S+:%s "
                        .formatted(
                                ProcessHandle.current().pid(),
                                Files.getAttribute(file, "unix:ino"));
        return Pattern.compile(lock).matcher(Files.readString(Path.of("/proc/locks"))).find();
    }

    @Test
    void committedTransactionsAreReadByAGroupAndAbortedOnesAreNot() throws Exception {
        try (LocalKafka kafka = start(0)) {
            createTopic(kafka);
            try (KafkaProducer<String, String> producer = producer(kafka)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "aborted")).get();
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "committed")).get();
                producer.commitTransaction();
            }
            assertThat(readAll(kafka, 1)).containsExactly("committed");
        }
    }

    @Test
    void secondStartOnTheSameFolderFindsWhatTheFirstOneKept() throws Exception {
        try (LocalKafka first = start(0)) {
            createTopic(first);
            produce(first, "kept");
        }
        try (LocalKafka second = start(0)) {
            produce(second, "added");
            assertThat(readAll(second, 2)).containsExactlyInAnyOrder("kept", "added");
        }
    }

    @Test
    void portIsFreeAgainAfterClose() {
        int port;
        try (LocalKafka kafka = start(0)) {
            port = kafka.port();
        }
        assertThat(LocalKafka.isPortFree(port)).isTrue();
        try (LocalKafka kafka = start(port)) {
            assertThat(kafka.port()).isEqualTo(port);
        }
    }

    @Test
    void takenPortIsNamedInTheError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> start(taken.getLocalPort()).close())
                    .isInstanceOf(LocalKafkaException.class)
                    .hasMessageContaining("TCP port " + taken.getLocalPort())
                    .hasMessageContaining("taken by another process");
        }
    }

    @Test
    void fileInPlaceOfTheFolderIsAClearError() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> LocalKafka.start(file, 0, Map.of()).close())
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void settingThatKafkaRefusesIsNamedInTheError() {
        assertThatThrownBy(
                        () -> LocalKafka.start(folder, 0, Map.of("num.io.threads", "none")).close())
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("num.io.threads");
    }

    @Test
    void topicsAreNotMadeByAccident() throws Exception {
        try (LocalKafka kafka = start(0);
                KafkaConsumer<String, String> consumer = consumer(kafka);
                Admin admin = Admin.create(clientProperties(kafka))) {
            consumer.subscribe(List.of(TOPIC));
            consumer.poll(Duration.ofSeconds(1));
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
    }

    private LocalKafka start(int port) {
        return LocalKafka.start(folder.resolve("kafka"), port, Map.of());
    }

    private static Map<String, Object> clientProperties(LocalKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static void createTopic(LocalKafka kafka) throws Exception {
        try (Admin admin = Admin.create(clientProperties(kafka))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all().get();
        }
    }

    private static KafkaProducer<String, String> producer(LocalKafka kafka) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test");
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static void produce(LocalKafka kafka, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(kafka)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value)).get();
            producer.commitTransaction();
        }
    }

    private static KafkaConsumer<String, String> consumer(LocalKafka kafka) {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", "test",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private static List<String> readAll(LocalKafka kafka, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(kafka)) {
            consumer.subscribe(List.of(TOPIC));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .until(
                            () -> {
                                for (ConsumerRecord<String, String> polled :
                                        consumer.poll(Duration.ofMillis(200))) {
                                    values.add(polled.value());
                                }
                                return values.size() >= count;
                            });
        }
        return values;
    }
}
