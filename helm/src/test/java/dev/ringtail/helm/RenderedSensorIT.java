package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.demo.container.Container;
import dev.ringtail.demo.container.Images;
import dev.ringtail.testing.Docker;

import io.fabric8.kubernetes.api.model.HTTPGetAction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The container of the rendered DaemonSet, run by a local Docker: it captures into Kafka's own
/// image, is ready when kubelet's probe says so, and drains when it is told to stop.
@Docker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RenderedSensorIT {
    private static final String KAFKA = "kafka:19092";
    private static final int PACKETS = 100;
    private static final Map<String, String> FIELDS =
            Map.of("spec.nodeName", "node-1", "status.hostIP", "127.0.0.1");

    private Network network;
    private KafkaContainer kafka;

    @BeforeAll
    void start() {
        network = Network.newNetwork();
        kafka = new KafkaContainer("apache/kafka:4.3.1").withNetwork(network).withListener(KAFKA);
        kafka.start();
    }

    @AfterAll
    void stop() {
        kafka.stop();
        network.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sensor, false, 0, NoNewPrivs:\t1",
        "sensor-nonroot, true, 10001, CapEff:\t0000000000002000"
    })
    void capturesAndDrains(
            String target, boolean nonRoot, int uid, String alsoInStatus, @TempDir Path folder)
            throws IOException {
        RenderedSensor rendered = render(Images.named(target), nonRoot, folder);
        Path files = Files.createDirectory(folder.resolve("projected"));
        List<String> options = new ArrayList<>(rendered.options(files, FIELDS));
        options.add("--network=" + network.getId());

        try (Container sensor =
                Container.start(
                        options, rendered.image(), rendered.arguments().toArray(String[]::new))) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(answer(sensor, rendered)).startsWith("HTTP/1.1 200"));
            assertThat(sensor.exec("cat", "/proc/1/status"))
                    .contains("Name:\tjava", "CapBnd:\t0000000000002000", alsoInStatus)
                    .containsPattern("Uid:\\s+" + uid + "\\s");
            sensor.exec(
                    "bash",
                    "-c",
                    "for i in {1.." + PACKETS + "}; do echo $i >/dev/udp/198.51.100.1/9; done");

            assertThat(sensor.stop()).as(sensor.logs().stderr()).isZero();

            assertThat(sensor.logs().stderr()).contains("as sensor node-1");
            assertThat(sensor.logs().stdout())
                    .containsPattern("received [ 0-9]* " + PACKETS + " ")
                    .containsPattern("acknowledged [ 0-9]* " + PACKETS + " ")
                    .contains("balanced");
        }
    }

    private static RenderedSensor render(String image, boolean nonRoot, Path folder)
            throws IOException {
        String[] name = image.split(":");
        Path values =
                Files.writeString(
                        folder.resolve("values.yaml"),
                        """
                        imageRegistry: registry.example.net
                        kafka:
                          bootstrapServers: %s
                        sensor:
                          image: {repository: %s, tag: %s}
                          nonRoot: %s
                          config:
                            interfaces: [{name: "e*", except: [eth1]}]
                            filter: udp dst port 9
                            maxInterfaces: 1
                            ring: {blockCount: 8}
                        """
                                .formatted(KAFKA, name[0], name[1], nonRoot));
        return new RenderedSensor(Chart.ofRepository().render(values));
    }

    /// What kubelet's probe would get, or nothing where nobody listens.
    private static String answer(Container sensor, RenderedSensor rendered) {
        HTTPGetAction probe = rendered.readiness();
        return sensor.exec(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/%s/%d && printf 'GET %s HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' >&3 && cat <&3 || true"
                        .formatted(
                                probe.getHost(),
                                rendered.port(probe.getPort().getStrVal()),
                                probe.getPath()));
    }
}
