package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.consumer.Main;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.testing.RequiresTool;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The whole command on a broker, held against tshark; killed in the middle, and with bad input.
class FlowsCommandIT {
    private static final int PARTITIONS = 4;
    private static final long SECOND = 1_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private static Path brokerFolder;
    private static LocalKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    @TempDir private Path folder;

    private record Outcome(int exit, String out, String err) {}

    @BeforeAll
    static void startBroker() {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
        producer =
                new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close();
        kafka.close();
    }

    @Test
    @RequiresTool("tshark")
    void agreesWithTsharkAndRepeatsItself() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(31, true).packets(3000, 24, 300 * SECOND);
        Path file = folder.resolve("traffic.pcap");
        PcapFile.write(file, packets);
        createPackets("tshark");
        send("tshark", BatchBuilder.ofFlows(PARTITIONS, "import", packets));

        Outcome first = flows("tshark", "--output", "json");
        Outcome second = flows("tshark", "--output", "json");
        Outcome table = flows("tshark");

        assertThat(first.exit()).as(first.err()).isZero();
        DirectedTotals actual = DirectedTotals.ofJson(first.out());
        assertThat(actual.byDirection()).isEqualTo(TsharkConversations.totals(file).byDirection());
        Map<String, Long> actualPackets = new TreeMap<>();
        actual.byDirection().forEach((tuple, total) -> actualPackets.put(tuple, total.packets()));
        assertThat(actualPackets).isEqualTo(TsharkConversations.packets(file));
        assertThat(octetsByCommunityId(first.out()))
                .isEqualTo(TsharkConversations.octetsByCommunityId(file));
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(first.err()).doesNotContain("other runs");
        assertThat(second.err()).contains("no new flows; any that follow are of other runs");
        assertThat(table.out().lines().count())
                .as("a header and a row for each five-tuple")
                .isEqualTo(1 + packets.stream().map(TimedPacket::undirected).distinct().count());
    }

    @Test
    void countsEachPacketOnceThoughKilledInTheMiddle() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(32, true).packets(6000, 40, 3000 * SECOND);
        List<BatchBuilder> batches = BatchBuilder.ofFlows(PARTITIONS, "killed", packets);
        createPackets("killed");
        send("killed", batches.subList(0, batches.size() / 2));

        Path printed = folder.resolve("printed");
        Process following = follow("killed", printed);
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(printed) && Files.size(printed) > 0);
            send("killed", batches.subList(batches.size() / 2, batches.size()));
            assertThat(following.isAlive()).as("runs until it is killed").isTrue();
        } finally {
            following.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        // What is sent again, as by a sensor that restarts its spool, changes nothing.
        send("killed", batches.subList(0, 5));

        Outcome outcome = flows("killed", "--output", "json");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        DirectedTotals expected = new DirectedTotals();
        packets.forEach(expected::add);
        assertThat(DirectedTotals.ofJson(outcome.out()).byDirection())
                .isEqualTo(expected.byDirection());
    }

    @Test
    void goesOnWhereAnAnalysisWasClosedWithoutFinishing() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(33, false).packets(1000, 10, 20 * SECOND);
        List<BatchBuilder> batches = BatchBuilder.ofFlows(PARTITIONS, "closed", packets);
        createPackets("closed");
        send("closed", batches.subList(0, batches.size() / 2));
        try (FlowAnalysis analysis = startAnalysis("closed", folder.resolve("one"))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> analysis.counters().batches() >= batches.size() / 2);
            assertThat(analysis.busiest(3)).hasSize(3);
        }
        send("closed", batches.subList(batches.size() / 2, batches.size()));

        Outcome outcome = flows("closed", "--output", "json");

        DirectedTotals expected = new DirectedTotals();
        packets.forEach(expected::add);
        assertThat(DirectedTotals.ofJson(outcome.out()).byDirection())
                .isEqualTo(expected.byDirection());
    }

    @Test
    void closesInOrderWhenTerminated() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(35, false).packets(1000, 10, 200 * SECOND);
        createPackets("terminated");
        send("terminated", BatchBuilder.ofFlows(PARTITIONS, "terminated", packets));
        Path printed = folder.resolve("printed");
        Process following = follow("terminated", printed);
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(printed) && Files.size(printed) > 0);
            following.destroy();

            assertThat(following.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            following.destroyForcibly();
        }
        Outcome outcome = flows("terminated", "--output", "json");

        DirectedTotals expected = new DirectedTotals();
        packets.forEach(expected::add);
        assertThat(DirectedTotals.ofJson(outcome.out()).byDirection())
                .isEqualTo(expected.byDirection());
    }

    @Test
    void tellsOfItselfWhileItFollowsAndPrintsNothing() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(36, false).packets(500, 5, 20 * SECOND);
        List<BatchBuilder> batches = BatchBuilder.ofFlows(PARTITIONS, "told", packets);
        createPackets("told");
        send("told", batches);
        Path err = folder.resolve("err");
        Path printed = folder.resolve("printed");
        Process following =
                follow("told", printed, err, "--management", "127.0.0.1:0", "--output", "none");
        try (HttpClient client = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> {
                                assertThat(get(client, err, "/readyz")).isEqualTo("ok\n");
                                assertThat(get(client, err, "/metrics"))
                                        .contains("ringtail_flows_packets_total 500.0\n");
                            });
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(lags(get(client, err, "/metrics"))).isZero());
            assertThat(get(client, err, "/metrics"))
                    .contains("ringtail_flows_batches_total " + batches.size() + ".0\n")
                    .contains("ringtail_flows_state{state=\"running\"} 1.0\n")
                    .contains("ringtail_flows_state{state=\"error\"} 0.0\n")
                    .contains("ringtail_flows_duplicate_packets_total 0.0\n")
                    .contains("ringtail_build_info{version=\"" + SoftwareVersion.get() + "\"} 1\n");
            following.destroy();
            assertThat(following.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(following.exitValue()).isZero();
            assertThat(printed).isEmptyFile();
        } finally {
            following.destroyForcibly();
        }
    }

    @Test
    void waitsForThePacketsTopic() throws Exception {
        Path err = folder.resolve("err");
        Path printed = folder.resolve("printed");
        Process following =
                follow("later", printed, err, "--management", "127.0.0.1:0", "--output", "json");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String waiting = "waiting for topic later.packets at " + kafka.bootstrapServers();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(get(client, err, "/readyz"))
                                            .isEqualTo(waiting + "\n"));
            assertThat(err).content().contains(waiting);

            createPackets("later");
            send(
                    "later",
                    BatchBuilder.ofFlows(
                            PARTITIONS,
                            "later",
                            new RandomTraffic(37, false).packets(500, 5, 99 * SECOND)));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(printed) && Files.size(printed) > 0);
        } finally {
            following.destroyForcibly();
        }
    }

    @Test
    void endsInOrderThoughTheTopicNeverCame() throws Exception {
        Path err = folder.resolve("err");
        Process following = follow("never", folder.resolve("printed"), err, "--output", "none");
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(err).content().contains("waiting for topic"));
            following.destroy();

            assertThat(following.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(following.exitValue()).isZero();
        } finally {
            following.destroyForcibly();
        }
    }

    /// Of the process whose standard error is in a file, where it says where to ask.
    private static String get(HttpClient client, Path err, String path) throws Exception {
        Matcher address =
                Pattern.compile("management at (http://\\S+)").matcher(Files.readString(err));
        assertThat(address.find()).isTrue();
        return client.send(
                        HttpRequest.newBuilder(URI.create(address.group(1) + path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /// The sum over partitions, each of which there must be.
    private static double lags(String metrics) {
        List<String> lags =
                metrics.lines().filter(l -> l.startsWith("ringtail_flows_lag_records{")).toList();
        assertThat(lags).hasSize(PARTITIONS);
        return lags.stream().mapToDouble(l -> Double.parseDouble(l.split(" ")[1])).sum();
    }

    @Test
    void refusesAManagementAddressThatIsNone() {
        Outcome outcome = run("flows", "--bootstrap-server", "x:1", "--management", "here");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("--management: 'here' is not HOST:PORT");
    }

    @Test
    void skipsACorruptBatchInTheTopic() throws Exception {
        List<TimedPacket> packets = new RandomTraffic(34, false).packets(100, 3, SECOND);
        createPackets("corrupt");
        send("corrupt", BatchBuilder.ofFlows(PARTITIONS, "corrupt", packets));
        sendValue("corrupt", 0, new byte[] {1, 2, 3});

        Outcome outcome = flows("corrupt", "--output", "json");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).contains("1 corrupt batches skipped");
        DirectedTotals expected = new DirectedTotals();
        packets.forEach(expected::add);
        assertThat(DirectedTotals.ofJson(outcome.out()).byDirection())
                .isEqualTo(expected.byDirection());
    }

    @Test
    void printsTheHeaderAloneForAnEmptyTopic() throws Exception {
        createPackets("empty");

        Outcome outcome = flows("empty");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("PROTOCOL").hasLineCount(1);
    }

    @Test
    void namesAMissingTopic() {
        Outcome outcome = flows("nowhere");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("topic nowhere.packets does not exist at " + kafka.bootstrapServers())
                .doesNotContain("\tat ");
    }

    @Test
    void namesABrokerThatIsNotThereSoon() {
        long startNs = System.nanoTime();

        Outcome outcome = run("flows", "--bootstrap-server", "127.0.0.1:9");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("no answer from Kafka at 127.0.0.1:9");
        assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                .isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void refusesABrokerWithoutAPort() {
        Outcome outcome = run("flows", "--bootstrap-server", "kafka");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("--bootstrap-server: 'kafka' is not HOST:PORT");
    }

    @Test
    void refusesATimeoutThatIsNone() {
        Outcome outcome = run("flows", "--bootstrap-server", "x:1", "--idle-timeout", "0s");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("--idle-timeout").contains("more than zero");
    }

    private static void createPackets(String prefix) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(prefix + ".packets", PARTITIONS, (short) 1)
                                            .configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void send(String prefix, List<BatchBuilder> batches) throws Exception {
        for (BatchBuilder batch : batches) {
            sendValue(prefix, batch.partition(), batch.encode());
        }
    }

    private static void sendValue(String prefix, int partition, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(prefix + ".packets", partition, 0L, null, value))
                .get(30, TimeUnit.SECONDS);
    }

    private static Map<String, Object> client() {
        return new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static FlowAnalysis startAnalysis(String prefix, Path stateFolder) {
        return FlowAnalysis.start(
                new FlowAnalysisConfig(
                        client(),
                        Topics.withPrefix(prefix),
                        WireFormat.SINGLE_OBJECT,
                        FlowTimeouts.DEFAULT,
                        stateFolder),
                SchemaLookup.NONE);
    }

    private static Process follow(String prefix, Path printed) throws IOException {
        return follow(prefix, printed, Path.of("/dev/null"), "--output", "json");
    }

    private static Process follow(String prefix, Path printed, Path err, String... options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("flows", "--bootstrap-server", kafka.bootstrapServers()));
        command.addAll(List.of("--topic-prefix", prefix, "--follow"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(printed.toFile())
                .redirectError(err.toFile())
                .start();
    }

    private static Outcome flows(String prefix, String... options) {
        List<String> arguments = new ArrayList<>(List.of("flows", "--topic-prefix", prefix));
        arguments.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        int exit = command.execute(arguments);
        return new Outcome(exit, out.toString(), err.toString());
    }

    private static Map<String, Long> octetsByCommunityId(String jsonLines) throws IOException {
        Map<String, Long> octets = new HashMap<>();
        for (String line : jsonLines.lines().toList()) {
            JsonNode flow = JSON.readTree(line);
            octets.merge(
                    flow.get("communityId").asText(),
                    flow.get("forwardOctets").asLong() + flow.get("reverseOctets").asLong(),
                    Long::sum);
        }
        return octets;
    }
}
