package dev.ringtail.demo.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.ReportTopic;
import dev.ringtail.consumer.SchemaTopic;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.testing.Docker;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// docker-compose.yml, from `up` to `down`, by docker-compose or `docker compose`, whichever is
/// there. Left out are the profiles whose images no machine without a registry has.
@Docker
@RequiresTool("tshark")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> PROJECT =
            List.of("--project-name", "ringtail-" + Images.tag());

    private Path captures;
    private int kafkaPort;

    @BeforeAll
    void up(@TempDir Path folder) throws IOException {
        for (String target : List.of("sensor", "consumers", "traffic")) {
            Images.named(target);
        }
        captures = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            kafkaPort = free.getLocalPort();
        }
        compose("up", "--detach", "--no-build").orFail();
    }

    @AfterAll
    void deleteAll() {
        compose("down", "--volumes").orFail();
    }

    private Tools.Result compose(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "RINGTAIL_VERSION=" + Images.tag(),
                                "KAFKA_PORT=" + kafkaPort,
                                "CAPTURES=" + captures));
        command.addAll(
                Tools.exists("docker-compose")
                        ? List.of("docker-compose")
                        : List.of("docker", "compose"));
        command.addAll(List.of("--file", Images.PROJECT.resolve("docker-compose.yml").toString()));
        command.addAll(PROJECT);
        command.addAll(List.of(arguments));
        return Tools.run(PATIENCE, command);
    }

    @Test
    void fromFlowsToAFileAndADrainedSensor(TestReporter reporter) {
        showsFlows();
        leavesAFile();
        // Whoever goes down in order leaves nothing unaccounted for; the broker keeps its data.
        compose("down").orFail();
        compose("up", "--detach", "--no-build", "kafka").orFail();
        Tools.Result audit = compose("run", "--rm", "verify").orFail();
        assertThat(audit.stdout()).containsPattern("compose/.* ok");
        lastReportBalances();
        reportWhatWasLeftOut(reporter);
    }

    private void showsFlows() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () ->
                                assertThat(compose("logs", "--no-color", "flows").stdout())
                                        .containsPattern("TCP.*:5201")
                                        .containsPattern("UDP.*:5201"));
    }

    private void leavesAFile() {
        compose("run", "--rm", "export").orFail();
        Path file = captures.resolve("capture.pcapng");
        assertThat(matching(file, "tcp.port == 5201")).isPositive();
        assertThat(matching(file, "udp.port == 5201")).isPositive();
        // The sensor's own packets to Kafka crossed the same interface.
        assertThat(matching(file, "tcp.port == 9092")).isZero();
        assertThat(matching(file, "_ws.malformed")).isZero();
    }

    private static long matching(Path file, String filter) {
        return Tools.run(
                        "tshark",
                        "-r",
                        file.toString(),
                        "-Y",
                        filter,
                        "-T",
                        "fields",
                        "-e",
                        "frame.number")
                .orFail()
                .stdout()
                .lines()
                .count();
    }

    private void lastReportBalances() {
        KafkaOptions kafka = new KafkaOptions();
        new CommandLine(kafka).parseArgs("--bootstrap-server", "127.0.0.1:" + kafkaPort);
        List<String> problems = new ArrayList<>();

        Collection<SensorReport> reports =
                ReportTopic.newest(kafka, new SchemaTopic(kafka), problems::add);

        assertThat(problems).isEmpty();
        assertThat(reports).hasSize(1);
        SensorReport last = reports.iterator().next();
        assertThat(last.getFinal$()).isTrue();
        assertThat(Balance.check(last)).isEmpty();
    }

    private void reportWhatWasLeftOut(TestReporter reporter) {
        for (String image :
                compose("--profile", "monitoring", "--profile", "registry", "config")
                        .orFail()
                        .stdout()
                        .lines()
                        .filter(line -> line.strip().startsWith("image: "))
                        .map(line -> line.strip().substring("image: ".length()))
                        .filter(name -> !name.startsWith("ringtail/"))
                        .distinct()
                        .toList()) {
            if (Tools.run("docker", "image", "inspect", image).exit() != 0) {
                reporter.publishEntry("not run, no image here", image);
            }
        }
    }
}
