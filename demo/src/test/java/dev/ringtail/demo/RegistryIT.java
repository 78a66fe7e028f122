package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.registry.RegistryServer;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.testing.Frames;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands with a real schema registry, over topics that hold both wire formats. The oracle of
/// what is in them is Avro's own reader with what the registry's REST API says.
class RegistryIT {
    private static final long T0 = 1_795_168_800_000_000_000L;
    private static final String TCP = Frames.ipv4(6, 0, Frames.TCP);

    @TempDir private static Path folder;
    private static LocalKafka kafka;
    private static RegistryServer registry;

    /// How a command ended.
    private record Outcome(int exit, String out, String err) {}

    @BeforeAll
    static void start() throws IOException {
        kafka = LocalKafka.start(folder.resolve("kafka"), 0, Map.of());
        registry = RegistryServer.start(folder);
    }

    @AfterAll
    static void stop() {
        registry.close();
        kafka.close();
    }

    @Test
    void bothFormatsInOneTopicAreReadByEveryCommand() throws Exception {
        Path registered = capture("registered.pcap", T0, 500);
        Path plain = capture("plain.pcap", T0 + 1_000_000_000L, 300);
        String settings = settings("registry.properties", registry.url());
        Path exported = folder.resolve("both.pcapng");

        assertThat(importFile(registered, "--kafka-config", settings).exit()).isZero();
        assertThat(importFile(plain).exit()).isZero();
        assertThat(importFile(registered, "--kafka-config", settings).err())
                .contains("already imported");
        Outcome export = consumer("export", "--kafka-config", settings, "-w", exported.toString());
        Outcome verify = consumer("verify", "--kafka-config", settings);
        Outcome flows = consumer("flows", "--kafka-config", settings);

        assertThat(export.exit()).as(export.err()).isZero();
        List<FilePacket> expected = new ArrayList<>(CaptureLab.read(registered));
        expected.addAll(CaptureLab.read(plain));
        assertThat(CaptureLab.read(exported)).isEqualTo(expected);
        assertThat(verify.exit()).as(verify.err()).isZero();
        assertThat(flows.exit()).as(flows.err()).isZero();
        assertThat(flows.err()).contains("800 packets").contains(" 0 corrupt batches");
        assertThat(packetCount(registered("capture.packets"))).isEqualTo(500);
        assertThat(values("capture.packets")).anySatisfy(v -> assertThat(v).startsWith(0xc3, 0x01));
        assertThat(registered("capture.reports"))
                .isNotEmpty()
                .allSatisfy(r -> assertThat(r.getSchema().getName()).isEqualTo("SensorReport"));
        assertThat(registered("capture.flows").stream().mapToLong(RegistryIT::packetsOfFlow).sum())
                .isEqualTo(800);
        assertThat(values("capture.flows")).allSatisfy(v -> assertThat(v).startsWith(0));

        assertUnreadableWithoutItsRegistry();
    }

    @Test
    void flowsWaitsForARegistryThatIsDown() throws Exception {
        int port = RegistryServer.freePort();
        String settings = settings("later.properties", RegistryServer.url(port));
        Path file = capture("later.pcap", T0, 100);
        assertThat(importFile(file, "--topic-prefix", "later").exit()).isZero();
        Path err = folder.resolve("later.err");
        Process flows = followFlows(err, "--topic-prefix", "later", "--kafka-config", settings);
        try (HttpClient client = HttpClient.newHttpClient()) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(readiness(client, err))
                                            .startsWith(
                                                    "waiting for the schema registry: Schema"
                                                            + " registry can't be reached at"
                                                            + " http://127.0.0.1:"
                                                            + port));
            assertThat(Files.readString(err)).containsOnlyOnce("waiting for the schema registry");

            try (RegistryServer _ = RegistryServer.start(folder, port, Map.of())) {
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(readiness(client, err)).isEqualTo("ok\n"));
            }
        } finally {
            flows.destroyForcibly();
        }
    }

    private static Process followFlows(Path err, String... more) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(dev.ringtail.consumer.Main.class.getName(), "flows", "--follow"));
        line.addAll(List.of("--output", "none", "--management", "127.0.0.1:0"));
        line.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        line.addAll(Arrays.asList(more));
        return new ProcessBuilder(line).redirectError(err.toFile()).start();
    }

    /// Of the process whose standard error is in a file, where it says where to ask.
    private static String readiness(HttpClient client, Path err) throws Exception {
        Matcher address =
                Pattern.compile("management at (http://\\S+)").matcher(Files.readString(err));
        assertThat(address.find()).isTrue();
        return client.send(
                        HttpRequest.newBuilder(URI.create(address.group(1) + "/readyz")).build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static void assertUnreadableWithoutItsRegistry() throws IOException {
        Path file = folder.resolve("unreadable.pcapng");
        String down = settings("down.properties", RegistryServer.url(RegistryServer.freePort()));

        Outcome without = consumer("verify");
        Outcome unreachable = consumer("export", "--kafka-config", down, "-w", file.toString());
        Outcome noImport = importFile(capture("other.pcap", T0, 1), "--kafka-config", down);

        assertThat(without.exit()).isOne();
        assertThat(without.err()).contains("unknown schema id").contains("schema.registry.url");
        assertThat(unreachable.exit()).isOne();
        assertThat(unreachable.err()).contains("Schema registry can't be reached at http://");
        assertThat(noImport.exit()).isOne();
        assertThat(noImport.err()).contains("Schema registry can't be reached at http://");
    }

    private static Path capture(String name, long firstNs, int packets) throws IOException {
        Path file = folder.resolve(name);
        try (CaptureWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            int link = writer.addInterface("", "", LinkType.ETHERNET, 65_535);
            byte[] frame = Frames.ethernet("0800", TCP);
            for (int i = 0; i < packets; i++) {
                writer.writePacket(
                        link, firstNs + i * 1_000L, frame.length, frame, 0, frame.length, 0, null);
            }
        }
        return file;
    }

    private static String settings(String name, String url) throws IOException {
        return Files.writeString(folder.resolve(name), "schema.registry.url=" + url + "\n")
                .toString();
    }

    private static Outcome importFile(Path file, String... more) {
        return run(
                dev.ringtail.sensor.Main.commandLine(StopSignal.never()),
                "import",
                more,
                file.toString());
    }

    private static Outcome consumer(String command, String... more) {
        return run(dev.ringtail.consumer.Main.commandLine(), command, more);
    }

    private static Outcome run(
            CommandLine commandLine, String command, String[] more, String... last) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        all.addAll(Arrays.asList(more));
        all.addAll(Arrays.asList(last));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit =
                commandLine
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(all.toArray(String[]::new));
        return new Outcome(exit, out.toString(), err.toString());
    }

    private static long packetCount(List<GenericRecord> batches) {
        return batches.stream().mapToLong(b -> ((Collection<?>) b.get("packets")).size()).sum();
    }

    private static long packetsOfFlow(GenericRecord flow) {
        return (Long) flow.get("forwardPackets") + (Long) flow.get("reversePackets");
    }

    /// The records of a topic that name a schema id, as Avro reads them.
    private static List<GenericRecord> registered(String topic) throws Exception {
        List<GenericRecord> records = new ArrayList<>();
        for (byte[] value : values(topic)) {
            if (value[0] == 0) {
                Schema schema = schema(ByteBuffer.wrap(value).getInt(1));
                records.add(
                        new GenericDatumReader<GenericRecord>(schema)
                                .read(
                                        null,
                                        DecoderFactory.get()
                                                .binaryDecoder(value, 5, value.length - 5, null)));
            }
        }
        return records;
    }

    private static Schema schema(int id) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body =
                    client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            registry.url() + "/schemas/ids/" + id))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body();
            return new Schema.Parser()
                    .parse(new ObjectMapper().readTree(body).get("schema").asText());
        }
    }

    private static List<byte[]> values(String topic) {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class);
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
