package dev.ringtail.demo.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.sensor.StopSignal;
import dev.ringtail.testing.Docker;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Sensor and consumers with Kafka's own image: the images in a network of containers, and the
/// commands from this machine.
@Docker
@RequiresTool("tshark")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaContainerIT {
    private static final String KAFKA_IMAGE = "apache/kafka:4.3.1";
    private static final String INSIDE = "kafka:19092";
    private static final int PACKETS = 100;
    private static final Pattern OWN_TRAFFIC =
            Pattern.compile(
                    "(?m)^ringtail_excluded_packets_total\\{[^}]*reason=\"ownTraffic\"[^}]*}"
                            + " [1-9]");

    private Network network;
    private KafkaContainer kafka;

    @BeforeAll
    void start() {
        network = Network.newNetwork();
        kafka = new KafkaContainer(KAFKA_IMAGE).withNetwork(network).withListener(INSIDE);
        kafka.start();
    }

    @AfterAll
    void stop() {
        kafka.stop();
        network.close();
    }

    @Test
    void packetsGoFromTheSensorsImageThroughKafkaIntoAFile(@TempDir Path folder)
            throws IOException {
        try (Container sensor =
                Container.start(
                        options(
                                "--cap-drop=ALL",
                                "--cap-add=NET_RAW",
                                "--security-opt=no-new-privileges",
                                "--read-only",
                                "--tmpfs=/tmp:exec"),
                        Images.named("sensor"),
                        "sensor",
                        "-i",
                        "eth0",
                        "--sensor",
                        "image",
                        "--management",
                        "127.0.0.1:9464",
                        "--bootstrap-server",
                        INSIDE)) {
            sensor.awaitError("to capture.packets");
            sensor.exec(
                    "bash",
                    "-c",
                    "for i in {1.." + PACKETS + "}; do echo $i >/dev/udp/198.51.100.1/9; done");
            // Its reports go to Kafka through the interface that it captures.
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () ->
                                    OWN_TRAFFIC
                                            .matcher(
                                                    sensor.exec(
                                                            "/opt/ringtail/bin/healthcheck",
                                                            "/metrics"))
                                            .find());
            assertThat(sensor.stop()).isZero();
            assertThat(sensor.logs().stdout()).contains("balanced", "excluded ownTraffic");
        }
        // The consumers' user is not the one of this test.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Tools.run(
                        command(
                                List.of("--rm", "--volume=" + folder + ":/captures"),
                                "export",
                                "-f",
                                "udp dst port 9",
                                "-w",
                                "/captures/inside.pcapng"))
                .orFail();
        Tools.run(command(List.of("--rm"), "verify")).orFail();

        List<String> inside = payloads(folder.resolve("inside.pcapng"));
        assertThat(inside).hasSize(PACKETS).doesNotHaveDuplicates();
        goesInAndOutFromThisMachine(folder, inside);
    }

    private void goesInAndOutFromThisMachine(Path folder, List<String> payloads) {
        Path in = folder.resolve("inside.pcapng");
        Path out = folder.resolve("outside.pcapng");
        int imported =
                dev.ringtail.sensor.Main.commandLine(StopSignal.never())
                        .execute(
                                "import",
                                in.toString(),
                                "--sensor",
                                "file",
                                "--bootstrap-server",
                                kafka.getBootstrapServers());
        assertThat(imported).isZero();
        assertThat(consumer("export", "--sensor", "file", "-w", out.toString())).isZero();
        assertThat(payloads(out)).isEqualTo(payloads);
        assertThat(consumer("verify")).isZero();
        assertThat(consumer("flows", "--output", "json")).isZero();
    }

    private List<String> options(String... more) {
        List<String> options = new ArrayList<>(List.of("--network=" + network.getId()));
        options.addAll(List.of(more));
        return options;
    }

    /// A consumer's command in the network of containers, without any privilege.
    private List<String> command(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "run"));
        command.addAll(options);
        command.addAll(
                options(
                        "--cap-drop=ALL",
                        "--security-opt=no-new-privileges",
                        "--read-only",
                        "--tmpfs=/tmp:exec"));
        command.add(Images.named("consumers"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--bootstrap-server", INSIDE));
        return command;
    }

    private int consumer(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.getBootstrapServers()));
        return dev.ringtail.consumer.Main.commandLine().execute(all.toArray(String[]::new));
    }

    private static List<String> payloads(Path file) {
        return Tools.run("tshark", "-r", file.toString(), "-T", "fields", "-e", "data.data")
                .orFail()
                .stdout()
                .lines()
                .toList();
    }
}
