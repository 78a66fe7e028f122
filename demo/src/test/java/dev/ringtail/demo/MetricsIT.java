package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.registry.RegistryServer;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The sensor's management endpoint as those see it who ask it: a prober, and a real Prometheus
/// with the rules that are shipped.
@Privileged
@RequiresTool({"prometheus", "promtool"})
class MetricsIT {
    private static final String LAUNCHER =
            Path.of("..", "ringtail").toAbsolutePath().normalize().toString();
    private static final Path RULES =
            Path.of("..", "helm", "ringtail", "files", "alerts.yaml").toAbsolutePath().normalize();

    /// In a namespace of its own every port is free.
    private static final String ENDPOINT = "127.0.0.1:9464";

    private static final String PROMETHEUS = "127.0.0.1:9090";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int FLOWS = 50;

    @TempDir private Path folder;
    private final List<Process> processes = new ArrayList<>();

    @Test
    void prometheusHasTheNumbersOfTheLedger() throws Exception {
        run(this::scrape);
    }

    private void run(CaptureLab.Body body) throws Exception {
        try {
            CaptureLab.run(folder, body);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private Process start(CaptureLab lab, String name, String... command) throws IOException {
        Process process =
                new ProcessBuilder(lab.namespace.command(Arrays.asList(command)))
                        .redirectOutput(folder.resolve(name + ".out").toFile())
                        .redirectError(folder.resolve(name + ".err").toFile())
                        .start();
        processes.add(process);
        return process;
    }

    private Process startSensor(CaptureLab lab, Path summary) throws IOException {
        Process sensor = launchSensor(lab, "--summary", summary.toString());
        awaitReadiness("ok\n");
        return sensor;
    }

    private Process launchSensor(CaptureLab lab, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                LAUNCHER,
                                "sensor",
                                "-i",
                                "a1",
                                "--lanes",
                                "2",
                                "--sensor",
                                "watched",
                                "--bootstrap-server",
                                lab.kafka.bootstrapServers(),
                                "--management",
                                ENDPOINT));
        command.addAll(List.of(more));
        return start(lab, "sensor", command.toArray(String[]::new));
    }

    private void scrape(CaptureLab lab) throws Exception {
        Path summary = folder.resolve("summary.json");
        Process sensor = startSensor(lab, summary);
        startPrometheus(lab);
        awaitValue(lab, "up", 1);

        lab.send(UdpFlows.bothDirections(FLOWS));
        awaitValue(lab, "sum(ringtail_acknowledged_packets_total)", 2 * FLOWS);
        // The kernel's counts are read once a second.
        awaitValue(lab, "sum(ringtail_kernel_packets_total)", 2 * FLOWS);
        awaitValue(lab, "count(ringtail_sensor_info{sensor=\"watched\"})", 1);
        assertThat(rulesThatFail(lab)).isEmpty();
        Map<String, Double> scraped = scrapedTerms(lab);

        Tools.run("kill", "-INT", Long.toString(sensor.pid())).orFail();
        assertThat(sensor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sensor.exitValue()).as(read("sensor.err")).isZero();
        assertThat(scraped)
                .isEqualTo(ledgerTerms(new ObjectMapper().readTree(summary.toFile()).get("total")));
    }

    private void startPrometheus(CaptureLab lab) throws IOException {
        Path config = folder.resolve("prometheus.yaml");
        Files.writeString(
                config,
                """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                scrape_configs:
                  - job_name: ringtail
                    static_configs: [{targets: ["%s"]}]
                """
                        .formatted(RULES, ENDPOINT));
        start(
                lab,
                "prometheus",
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=" + PROMETHEUS);
    }

    /// Sums over lanes of all that was scraped of the ledger.
    private static Map<String, Double> scrapedTerms(CaptureLab lab) throws IOException {
        Map<String, Double> terms = new TreeMap<>();
        query(lab, "sum by (__name__, reason) ({__name__=~\"ringtail_.+\", lane!=\"\"})")
                .forEach(
                        sample -> {
                            String reason = sample.get("metric").path("reason").asText("");
                            terms.put(
                                    sample.get("metric").get("__name__").asText()
                                            + (reason.isEmpty() ? "" : "/" + reason),
                                    sample.get("value").get(1).asDouble());
                        });
        terms.remove("ringtail_last_packet_timestamp_seconds");
        return terms;
    }

    /// The same out of the summary.
    private static Map<String, Double> ledgerTerms(JsonNode total) {
        Map<String, Double> terms = new TreeMap<>();
        terms.put("kernel_packets_total", total.get("kernelPackets").asDouble());
        terms.put("kernel_drops_total", total.get("kernelDrops").asDouble());
        terms.put("ring_freezes_total", total.get("ringFreezes").asDouble());
        terms.put("rolled_over_packets_total", total.at("/rollover/all").asDouble());
        terms.put("rolled_over_huge_packets_total", total.at("/rollover/huge").asDouble());
        terms.put("rollover_failed_packets_total", total.at("/rollover/failed").asDouble());
        for (String term : List.of("received", "published", "acknowledged")) {
            terms.put(term + "_packets_total", total.get(term).asDouble());
            terms.put(term + "_bytes_total", total.get("bytes").get(term).asDouble());
        }
        for (String term : List.of("malformed", "unknown", "cut")) {
            terms.put(term + "_packets_total", total.get(term).asDouble());
        }
        terms.put("pending_packets", total.get("pending").asDouble());
        terms.put("in_flight_packets", total.get("inFlight").asDouble());
        terms.put("spooled_packets", total.get("spooled").asDouble());
        for (String term : List.of("excluded", "shed", "rejected")) {
            total.get(term)
                    .properties()
                    .forEach(
                            reason ->
                                    terms.put(
                                            term + "_packets_total/" + reason.getKey(),
                                            reason.getValue().asDouble()));
        }
        Map<String, Double> named = new TreeMap<>();
        terms.forEach((name, value) -> named.put("ringtail_" + name, value));
        return named;
    }

    private void awaitValue(CaptureLab lab, String expression, double value) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            JsonNode result = query(lab, expression);
                            assertThat(result).as(read("prometheus.err")).hasSize(1);
                            assertThat(result.get(0).get("value").get(1).asDouble())
                                    .isEqualTo(value);
                        });
    }

    private static JsonNode query(CaptureLab lab, String expression) throws IOException {
        List<String> command =
                List.of(
                        "promtool",
                        "query",
                        "instant",
                        "--format=json",
                        "http://" + PROMETHEUS,
                        expression);
        return new ObjectMapper()
                .readTree(Tools.run(lab.namespace.command(command)).orFail().stdout());
    }

    private static List<String> rulesThatFail(CaptureLab lab) throws IOException {
        JsonNode groups =
                new ObjectMapper().readTree(body(PROMETHEUS, "/api/v1/rules")).at("/data/groups");
        assertThat(groups.findValuesAsText("health")).hasSize(12);
        List<String> failing = new ArrayList<>(groups.findValuesAsText("lastError"));
        failing.removeIf(String::isEmpty);
        return failing;
    }

    @Test
    void isNotReadyWithoutItsInterfaceNorWithoutKafka() throws Exception {
        run(this::loseBoth);
    }

    private void loseBoth(CaptureLab lab) throws Exception {
        Process sensor = startSensor(lab, folder.resolve("summary.json"));
        assertThat(get(ENDPOINT, "/metrics").getHeaderField("Content-Type"))
                .startsWith("text/plain; version=0.0.4");

        lab.namespace.run("ip link set a1 down");
        awaitReadiness("interface a1: not captured since ");
        assertThat(body(ENDPOINT, "/readyz")).contains("it was down");
        assertThat(body(ENDPOINT, "/metrics"))
                .contains("ringtail_interface_up{interface=\"a1\"} 0.0");
        lab.namespace.run("ip link set a1 up");
        awaitReadiness("ok\n");

        lab.kafka.close();
        lab.send(UdpFlows.bothDirections(FLOWS));
        awaitReadiness("topic capture.packets: the oldest batch has waited for Kafka for ");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(body(ENDPOINT, "/readyz"))
                                        .contains(
                                                "topic capture.reports: Kafka has acknowledged"
                                                        + " nothing since "));
        assertThat(get(ENDPOINT, "/livez").getResponseCode()).isEqualTo(200);
        assertThat(sensor.isAlive()).isTrue();
    }

    @Test
    void tellsThatItWaitsForTheSchemaRegistry() throws Exception {
        run(this::awaitRegistry);
    }

    private void awaitRegistry(CaptureLab lab) throws Exception {
        int port = RegistryServer.freePort();
        Path settings =
                Files.writeString(
                        folder.resolve("kafka.properties"),
                        "schema.registry.url=" + RegistryServer.url(port));
        Process sensor = launchSensor(lab, "--kafka-config", settings.toString());
        awaitReadiness("waiting for the schema registry: ");
        assertThat(body(ENDPOINT, "/readyz")).contains("127.0.0.1:" + port);
        assertThat(get(ENDPOINT, "/livez").getResponseCode()).isEqualTo(200);

        try (RegistryServer _ = RegistryServer.start(folder, port, Map.of())) {
            awaitReadiness("ok\n");
        }
        assertThat(sensor.isAlive()).isTrue();
    }

    @Test
    void tellsThatItWaitsForKafka() throws Exception {
        run(this::awaitKafka);
    }

    private void awaitKafka(CaptureLab lab) throws Exception {
        lab.kafka.close();
        Process sensor = launchSensor(lab);
        awaitReadiness("waiting for Kafka at " + lab.kafka.bootstrapServers());
        assertThat(sensor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sensor.exitValue()).as(read("sensor.err")).isEqualTo(1);
    }

    private void awaitReadiness(String beginning) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                assertThat(body(ENDPOINT, "/readyz"))
                                        .as(read("sensor.err"))
                                        .startsWith(beginning));
    }

    private static HttpURLConnection get(String address, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + address + path).toURL().openConnection();
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        return connection;
    }

    /// The answer's body, whatever its status.
    private static String body(String address, String path) throws IOException {
        HttpURLConnection connection = get(address, path);
        try (var in =
                connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
                        ? connection.getInputStream()
                        : connection.getErrorStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String read(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readString(path) : "";
    }
}
