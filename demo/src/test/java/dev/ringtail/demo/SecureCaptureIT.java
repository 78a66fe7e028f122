package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.Tools;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// A sensor's process with the configurations and the rights of `docs/how-to/secure-kafka.md`, and
/// no others.
@Privileged
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class SecureCaptureIT {
    /// In a namespace of its own every port is free.
    private static final String ENDPOINT = "127.0.0.1:9464";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "sensor";
    private static final int FLOWS = 20;

    /// Packets of a [#send].
    private static final int SENT = 2 * FLOWS;

    private Path folder;
    private SecureKafka kafka;
    private CaptureLab lab;

    @BeforeAll
    void open(@TempDir Path temporary) throws Exception {
        folder = temporary;
        lab =
                CaptureLab.open(
                        () -> {
                            kafka = new SecureKafka(folder.resolve("broker"));
                            return kafka.broker();
                        });
        lab.run(
                here -> {
                    kafka.runCommands("Make the topics");
                    kafka.runCommands("Allow the least");
                });
    }

    @AfterAll
    void close() {
        if (kafka != null) {
            kafka.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void capturesWithAPassword() throws Exception {
        lab.run(here -> capture("password", passwordConfig()));
    }

    @Test
    void capturesWithACertificate() throws Exception {
        lab.run(
                here ->
                        capture(
                                "certificate",
                                config(1)
                                        .replace("kafka-1:9094", kafka.certificateListener())
                                        .replace(
                                                "/etc/ringtail/sensor.pem",
                                                kafka.certificate(USER).toString())));
    }

    /// The topics that the page makes are as a sensor would have made them.
    @Test
    void findsNothingToWarnOfWhenItMayLook() throws Exception {
        lab.run(
                here -> {
                    kafka.runCommands("Make the topics", "looked");
                    kafka.runCommands("Allow the least", "looked");
                    kafka.runCommands("Let the sensor check the topics", "looked");
                    capture("looked", "topicPrefix: looked\n" + passwordConfig());
                });
    }

    @Test
    void makesTheTopicsWhenItMay() throws Exception {
        lab.run(
                here -> {
                    String config = "topicPrefix: made\n" + passwordConfig();
                    kafka.runCommands("Allow the least", "made");
                    assertThat(refused("unmade", config).stderr())
                            .contains("Topic made.packets does not exist", "Grant CREATE on it");
                    kafka.runCommands("Let the sensor make the topics", "made");
                    capture("made", config);
                });
    }

    private void capture(String name, String config) throws Exception {
        try (SensorProcess sensor = start(name, config)) {
            send();
            assertThat(sensor.stop())
                    .containsPattern("kernelPackets +" + SENT)
                    .containsPattern("acknowledged +" + SENT)
                    .contains("balanced");
            // Kafka's own client may find a topic that was just made without a leader for a moment.
            assertThat(sensor.stderr().lines().filter(line -> !line.contains(" Sender: ")))
                    .noneMatch(line -> line.matches(".*(WARN|warning|ERROR).*"));
        }
    }

    @Test
    void countsWhatIsRefusedAndGoesOnWhenTheRightIsBack() throws Exception {
        lab.run(here -> loseTheRight());
    }

    private void loseTheRight() throws Exception {
        try (SensorProcess sensor = start("refused", passwordConfig())) {
            send();
            awaitMetric("ringtail_acknowledged_packets_total{");

            Collection<AclBinding> taken =
                    kafka.take(USER, AclOperation.WRITE, ResourceType.TOPIC, "capture.packets");
            try {
                send();
                awaitMetric("ringtail_rejected_packets_total{");
                assertThat(get("/metrics"))
                        .containsPattern(
                                "ringtail_rejected_packets_total\\{.*reason=\"TopicAuthorizationException\".*}"
                                    + " "
                                        + SENT);
                assertThat(get("/readyz"))
                        .contains("topic capture.packets: Kafka refuses packet batches: ")
                        .contains("grant WRITE on topic capture.packets");
                assertThat(sensor.stderr())
                        .contains("Kafka refuses packet batches; they are lost and counted")
                        .contains("grant WRITE on topic capture.packets");
            } finally {
                kafka.give(taken);
            }
            send();

            assertThat(sensor.stop())
                    .containsPattern("kernelPackets +" + 3 * SENT)
                    .containsPattern("acknowledged +" + 2 * SENT)
                    .containsPattern("rejected TopicAuthorizationException +" + SENT)
                    .contains("balanced");
        }
    }

    @Test
    void tellsOfReportsThatItMayNotWriteAnyMore() throws Exception {
        lab.run(here -> loseTheReports());
    }

    private void loseTheReports() throws Exception {
        try (SensorProcess sensor = start("reports", passwordConfig())) {
            Collection<AclBinding> taken =
                    kafka.take(USER, AclOperation.WRITE, ResourceType.TOPIC, "capture.reports");
            try {
                sensor.awaitText("writing a report to Kafka failed; capture goes on");
                send();

                assertThat(sensor.stop(1))
                        .containsPattern("acknowledged +" + SENT)
                        .contains("balanced");
                assertThat(sensor.stderr())
                        .contains("Writing to topic capture.reports")
                        .contains("grant WRITE on topic capture.reports");
            } finally {
                kafka.give(taken);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WRITE, capture.schemas, DESCRIBE on topic capture.schemas",
        "WRITE, capture.reports, DESCRIBE on topic capture.reports",
        "WRITE, capture.packets, DESCRIBE on topic capture.packets",
        "DESCRIBE, capture.flows, DESCRIBE on topic capture.flows",
    })
    void doesNotStartWithoutARight(AclOperation operation, String topic, String told)
            throws Exception {
        Collection<AclBinding> taken = kafka.take(USER, operation, ResourceType.TOPIC, topic);
        try {
            lab.run(
                    here ->
                            assertThat(refused("without", passwordConfig()).stderr())
                                    .contains("grant " + told));
        } finally {
            kafka.give(taken);
        }
    }

    @Test
    void namesWhatIsWrongWithItsCredentials() throws Exception {
        lab.run(here -> useWrongCredentials());
    }

    private void useWrongCredentials() throws Exception {
        String right = passwordConfig();
        Path stranger = new Certificates(folder.resolve("stranger")).authority();

        assertThat(refused("password", right.replace("${KAFKA_PASSWORD}", "guess")).stderr())
                .contains(kafka.scramListener())
                .contains("invalid credentials");
        assertThat(
                        refused(
                                        "authority",
                                        right.replace(
                                                kafka.authority().toString(), stranger.toString()))
                                .stderr())
                .contains(kafka.scramListener())
                .contains("unable to find valid certification path");
        assertThat(
                        refused("nofile", right.replace(kafka.authority().toString(), "/no/ca.crt"))
                                .stderr())
                .contains("NoSuchFileException: /no/ca.crt");
        assertThat(refused("clear", right.replace("SASL_SSL", "SASL_PLAINTEXT")).stderr())
                .contains(
                        kafka.scramListener()
                                + " speaks TLS, and security.protocol is SASL_PLAINTEXT");
    }

    /// Runs a sensor that fails before it captures.
    private Tools.Result refused(String name, String config) throws IOException {
        Tools.Result result = SensorProcess.run(lab, name, environment(), arguments(name, config));
        assertThat(result.exit()).as(result.stderr()).isOne();
        assertThat(result.stderr()).doesNotContain("\tat ").doesNotContain("session ");
        return result;
    }

    private SensorProcess start(String name, String config) throws IOException {
        return new SensorProcess(lab, folder, name, environment(), arguments(name, config));
    }

    private static List<String> environment() {
        return List.of("env", "KAFKA_PASSWORD=" + SecureKafka.password(USER));
    }

    private String[] arguments(String name, String config) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), config);
        return new String[] {"--config", file.toString(), "--lanes", "1", "--management", ENDPOINT};
    }

    private String passwordConfig() {
        return config(0).replace("kafka-1:9093", kafka.scramListener());
    }

    private String config(int index) {
        return SecurePage.sensorConfigs()
                .get(index)
                .replace("eth0", "a1")
                .replace("/etc/ringtail/ca.crt", kafka.authority().toString());
    }

    private void send() {
        lab.send(UdpFlows.bothDirections(FLOWS));
    }

    /// Waits until a counter has what one [#send] sends.
    private static void awaitMetric(String name) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(get("/metrics"))
                                        .containsPattern(Pattern.quote(name) + ".*} " + SENT));
    }

    private static String get(String path) throws IOException {
        var connection =
                (HttpURLConnection)
                        URI.create("http://" + ENDPOINT + path).toURL().openConnection();
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        try (var in =
                connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
                        ? connection.getInputStream()
                        : connection.getErrorStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
