package dev.ringtail.demo.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.testing.Docker;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is in the images, and what the sensor's needs to capture.
@Docker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_ADDED_BYTES = 90_000_000;
    private static final int PACKETS = 10;

    /// Of the chart's container, whose user is uid 0.
    private static final List<String> CONFINED =
            List.of(
                    "--cap-drop=ALL",
                    "--cap-add=NET_RAW",
                    "--security-opt=no-new-privileges",
                    "--read-only",
                    "--tmpfs=/tmp:exec");

    /// The same without no-new-privileges, which has the kernel disregard capabilities of files.
    private static final List<String> CONFINED_BY_FILE =
            List.of("--cap-drop=ALL", "--cap-add=NET_RAW", "--read-only", "--tmpfs=/tmp:exec");

    private String version;

    @BeforeAll
    void build() {
        Images.named("sensor");
        Images.named("sensor-nonroot");
        Images.named("consumers");
        version = run("sensor", List.of(), "--version").orFail().stdout().strip();
    }

    private static Tools.Result run(String target, List<String> options, String... command) {
        List<String> run = new ArrayList<>(List.of("docker", "run", "--rm"));
        run.addAll(options);
        run.add(Images.named(target));
        run.addAll(List.of(command));
        return Tools.run(run);
    }

    private static String shell(String target, String script) {
        return run(target, List.of("--entrypoint=bash"), "-c", script).orFail().stdout().strip();
    }

    private static String inspect(String image, String template) {
        return Tools.run("docker", "image", "inspect", "--format", template, image)
                .orFail()
                .stdout()
                .strip();
    }

    @ParameterizedTest
    @CsvSource({"sensor, ''", "sensor-nonroot, 10001:10001", "consumers, 10001:10001"})
    void saysWhatItIs(String target, String user) throws IOException {
        JsonNode config = JSON.readTree(inspect(Images.named(target), "{{json .Config}}"));

        JsonNode labels = config.get("Labels");
        assertThat("ringtail " + labels.get("org.opencontainers.image.version").textValue())
                .isEqualTo(version);
        assertThat(labels.get("org.opencontainers.image.licenses").textValue())
                .isEqualTo("Apache-2.0");
        assertThat(labels.get("org.opencontainers.image.title").textValue())
                .startsWith("Ringtail ");
        assertThat(labels.has("org.opencontainers.image.revision")).isTrue();
        assertThat(labels.get("org.opencontainers.image.base.name").textValue())
                .isEqualTo("docker.io/library/debian:bookworm-slim");
        assertThat(run(target, List.of(), "--version").orFail().stdout().strip())
                .as("the version of the program")
                .isEqualTo(version);
        assertThat(config.path("User").asText("")).isEqualTo(user);
        assertThat(config.get("StopSignal").textValue()).isEqualTo("SIGTERM");
    }

    @Test
    void sensorIsSmall() {
        String image = Images.named("sensor");
        long size = Long.parseLong(inspect(image, "{{.Size}}"));
        long base = Long.parseLong(inspect("debian:bookworm-slim", "{{.Size}}"));
        long cache = Long.parseLong(shell("sensor", "stat -c %s /opt/ringtail/ringtail.aot"));

        assertThat(size - base - cache).isPositive().isLessThanOrEqualTo(MAX_ADDED_BYTES);
    }

    @Test
    void sensorIsAlone() {
        assertThat(shell("sensor", "ls /opt/ringtail/lib"))
                .contains("kafka-clients-")
                .doesNotContain("kafka-streams", "rocksdb");
        assertThat(shell("consumers", "ls /opt/ringtail/lib")).contains("rocksdb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "consumers"})
    void billOfMaterialsNamesEveryLibrary(String target) throws IOException {
        List<String> files = new ArrayList<>();
        for (JsonNode component :
                JSON.readTree(shell(target, "cat /opt/ringtail/sbom.json")).get("components")) {
            files.add(
                    component.get("name").textValue()
                            + "-"
                            + component.get("version").textValue()
                            + ".jar");
        }

        assertThat(files)
                .containsExactlyInAnyOrder(shell(target, "ls /opt/ringtail/lib").split("\n"));
    }

    /// Files that are copied have one time, so that layers of the same content are the same layers.
    @Test
    void filesCarryTheTimeOfTheBuild() {
        assertThat(
                        shell(
                                "sensor",
                                "find /opt/ringtail/* -type f ! -name ringtail.aot -printf"
                                        + " '%TY-%Tm-%Td\\n"
                                        + "' | sort -u"))
                .isEqualTo("2026-11-01");
    }

    /// With AOTMode=on the JVM ends where it can't use the cache.
    @ParameterizedTest
    @ValueSource(strings = {"sensor", "sensor-nonroot"})
    void startsFromItsCache(String target) {
        List<String> options = new ArrayList<>(CONFINED_BY_FILE);
        options.add("--env=JAVA_OPTS=-XX:AOTMode=on");

        assertThat(run(target, options, "interfaces").orFail().stdout()).contains("lo ");
    }

    @Test
    void capturesAsRootWithOneCapability() {
        capturesAndDrains("sensor", CONFINED, "0", "NoNewPrivs:\t1");
    }

    @Test
    void capturesAsAnotherUserByTheFilesCapability() {
        capturesAndDrains("sensor-nonroot", CONFINED_BY_FILE, "10001", "CapEff:\t0000000000002000");
    }

    private static void capturesAndDrains(
            String target, List<String> options, String uid, String alsoInStatus) {
        try (Container sensor =
                Container.start(
                        options,
                        Images.named(target),
                        "sensor",
                        "-i",
                        "lo",
                        "-f",
                        "udp dst port 9",
                        "-w",
                        "/tmp/captured.pcapng")) {
            sensor.awaitError("capturing on lo");
            assertThat(sensor.exec("cat", "/proc/1/status"))
                    .contains("Name:\tjava", "CapBnd:\t0000000000002000", alsoInStatus)
                    .containsPattern("Uid:\\s+" + uid + "\\s");
            sensor.exec(
                    "bash",
                    "-c",
                    "for i in {1.." + PACKETS + "}; do echo $i >/dev/udp/127.0.0.1/9; done");

            assertThat(sensor.stop()).isZero();

            assertThat(sensor.logs().stdout())
                    .containsPattern("received +" + PACKETS + " ")
                    .containsPattern("acknowledged +" + PACKETS + " ")
                    .contains("balanced");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Nothing in the bounding set
        "sensor, --cap-drop=ALL",
        // The kernel takes no heed of the file's capability
        "sensor-nonroot, --security-opt=no-new-privileges"
    })
    void saysWhatIsMissing(String target, String option) {
        Tools.Result refused =
                run(target, List.of(option), "sensor", "-i", "lo", "-w", "/tmp/none.pcapng");

        assertThat(refused.exit()).as(refused.stderr()).isEqualTo(77);
        assertThat(refused.stderr()).contains("CAP_NET_RAW");
    }

    @Test
    void tellsItsHealth(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("sensor.yaml");
        Files.writeString(
                config,
                """
                interfaces: [lo]
                ring: {blockCount: 16}
                management: {address: 127.0.0.1, port: 9464}
                record: {file: /tmp/captured.pcapng}
                """);
        List<String> options = new ArrayList<>(CONFINED);
        options.addAll(
                List.of(
                        "--volume=" + config + ":/etc/ringtail/sensor.yaml:ro",
                        "--health-interval=1s"));
        try (Container sensor = Container.start(options, Images.named("sensor"))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> sensor.inspect("{{.State.Health.Status}}").equals("healthy"));
        }
        options.add("--env=RINGTAIL_MANAGEMENT_PORT=9465");
        options.add("--health-start-period=1ms");
        try (Container sensor = Container.start(options, Images.named("sensor"))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> sensor.inspect("{{.State.Health.Status}}").equals("unhealthy"));
        }
    }

    @Test
    void consumersNeedNothing() {
        List<String> options =
                List.of(
                        "--cap-drop=ALL",
                        "--security-opt=no-new-privileges",
                        "--read-only",
                        "--network=none");

        assertThat(run("consumers", options).orFail().stdout())
                .contains("export", "flows", "verify");
    }
}
