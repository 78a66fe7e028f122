package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

// R17
/// Which threads of a sensor have capabilities, as /proc says.
@Privileged
@Timeout(120)
class SensorPrivilegesIT {
    private static final byte[] FRAME =
            Frames.ethernet("0800", Frames.ipv4(17, 0, "1234 0035 000c 0000 01020304"));

    @TempDir private Path folder;

    @Test
    void onlyTheCaptureThreadKeepsCapabilitiesAndThatIsEnough() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create();
                LocalKafka kafka = LocalKafka.start(folder, 0, Map.of())) {
            namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
            makePair(namespace);
            try (Sensor sensor =
                    Sensor.open(
                            config(kafka, namespace),
                            KafkaTraffic.matcher(),
                            d -> false,
                            s -> {})) {
                sensor.start();
                send(namespace, 5);
                await().until(() -> acknowledged(sensor.snapshot()) == 5);

                // Rings are opened anew, and lanes started, long after the others began.
                namespace.run("ip link delete a1");
                await().until(() -> sensor.captured().isEmpty());
                makePair(namespace);
                await().until(() -> sensor.captured().size() == 1);
                send(namespace, 3);
                await().until(() -> acknowledged(sensor.snapshot()) == 8);

                Map<String, String> effective = capabilities();
                assertThat(effective)
                        .containsKeys(
                                "rt-netns",
                                "rt-lane-0",
                                "rt-publish",
                                "rt-report",
                                "rt-own-ports",
                                "kafka-producer-");
                assertThat(effective.get("rt-netns")).isNotEqualTo("0000000000000000");
                effective.remove("rt-netns");
                assertThat(effective).isNotEmpty();
                assertThat(effective.values()).containsOnly("0000000000000000");

                assertThat(Balance.check(sensor.stop())).isEmpty();
            }
        }
    }

    private static SensorConfig config(LocalKafka kafka, NetworkNamespace namespace) {
        return new ConfigLoader(Map.of())
                .set("interfaces", List.of("a1"))
                .set("netns", namespace.name())
                .set("sensorId", "lab")
                .set("ring", Map.of("blockSize", "128KiB", "blockCount", 64))
                .kafka("bootstrap.servers", kafka.bootstrapServers())
                .load();
    }

    private static void makePair(NetworkNamespace namespace) {
        namespace.run("ip link add a0 type veth peer name a1");
        namespace.run("ip link set a0 up");
        namespace.run("ip link set a1 up");
    }

    private static void send(NetworkNamespace from, int count) throws Exception {
        InNamespace.call(
                from,
                () -> {
                    try (FrameSender sender = new FrameSender("a0")) {
                        for (int i = 0; i < count; i++) {
                            sender.send(FRAME);
                        }
                        return null;
                    }
                });
    }

    private static long acknowledged(SensorReport report) {
        return report.getLanes().stream()
                .map(LaneLedger::getAcknowledged)
                .mapToLong(tally -> tally.getPackets())
                .sum();
    }

    /// Effective and permitted capabilities of the threads of sensor and Kafka's producers, by
    /// name, which the kernel cuts after 15 bytes; all zeros only where all of that name have none.
    private static Map<String, String> capabilities() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                List<String> status = status(task);
                String name = field(status, "Name:");
                if (name.startsWith("rt-") || name.startsWith("kafka-producer-")) {
                    found.merge(name, field(status, "CapEff:"), (a, b) -> max(a, b));
                    found.merge(name, field(status, "CapPrm:"), (a, b) -> max(a, b));
                    found.merge(name, field(status, "CapInh:"), (a, b) -> max(a, b));
                }
            }
        }
        return found;
    }

    private static String max(String a, String b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static List<String> status(Path task) throws IOException {
        try {
            return Files.readAllLines(task.resolve("status"));
        } catch (NoSuchFileException e) {
            return List.of(); // It has ended.
        }
    }

    private static String field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }
}
