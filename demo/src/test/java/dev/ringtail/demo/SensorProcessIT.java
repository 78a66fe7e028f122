package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The launcher's `sensor` as a user runs it: what it says, whom it serves, what it leaves.
@Privileged
@RequiresTool("setpriv")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SensorProcessIT {
    private static final String LAUNCHER =
            Path.of("..", "ringtail").toAbsolutePath().normalize().toString();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    private static final int FLOWS = 20;

    private CaptureLab lab;
    private Path folder;

    @BeforeAll
    void open(@TempDir Path temporary) throws Exception {
        folder = temporary;
        lab = CaptureLab.open(folder);
    }

    @AfterAll
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    /// Starts one and waits until it captures.
    private SensorProcess start(String name, List<String> before, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-server", lab.kafka.bootstrapServers()));
        return new SensorProcess(lab, folder, name, before, all.toArray(String[]::new));
    }

    @Test
    void followsTheFilterInItsFile() throws Exception {
        lab.run(here -> followFilter());
    }

    private void followFilter() throws Exception {
        Path config = folder.resolve("sensor.yaml");
        Files.writeString(config, "interfaces: [a1]\nfilter: src host 10.0.0.1\n" + ring(16));
        try (SensorProcess sensor =
                start("live", List.of(), "--lanes", "1", "--config", config.toString())) {
            send();
            awaitPackets("live", FLOWS);

            Files.writeString(config, "interfaces: [a1]\nfilter: src hst 10.0.0.1\n" + ring(16));
            sensor.awaitText("is wrong and changes nothing: ");
            send();
            awaitPackets("live", 2 * FLOWS);

            Files.writeString(config, "interfaces: [a1]\nfilter: dst host 10.0.0.1\n" + ring(16));
            sensor.awaitText(config + ": new filter on a1");
            send();
            awaitPackets("live", 3 * FLOWS);

            Files.writeString(config, "interfaces: [a1]\nfilter: dst host 10.0.0.1\n" + ring(32));
            sensor.awaitText("only filters are taken without a new start");
            assertThat(sensor.stop()).contains("balanced");
        }

        List<TopicPacket> packets = lab.topic("live");
        assertThat(packets).hasSize(3 * FLOWS);
        assertThat(packets.subList(0, 2 * FLOWS)).allMatch(SensorProcessIT::fromClient);
        assertThat(packets.subList(2 * FLOWS, 3 * FLOWS)).noneMatch(SensorProcessIT::fromClient);
        assertThat(lab.consumer("verify")).isZero();
    }

    private static String ring(int blocks) {
        return "ring: {blockSize: 1MiB, blockCount: %d, blockTimeout: 20ms}\n".formatted(blocks);
    }

    private static boolean fromClient(TopicPacket packet) {
        // The source address of IPv4 behind an Ethernet header.
        return packet.captured().data().startsWith("0a000001", 2 * 26);
    }

    private void send() {
        lab.send(UdpFlows.bothDirections(FLOWS));
    }

    private void awaitPackets(String sensor, int count) {
        await().atMost(PATIENCE).until(() -> lab.topic(sensor).size() >= count);
    }

    @Test
    void needsNoUserAndNoOtherCapabilityThanNetRaw() throws Exception { // R17
        lab.run(here -> captureAsNobody());
    }

    private void captureAsNobody() throws Exception {
        List<String> capable = new ArrayList<>(AS_NOBODY);
        capable.addAll(List.of("--bounding-set=-all,+net_raw"));
        capable.addAll(List.of("--inh-caps=+net_raw", "--ambient-caps=+net_raw"));
        try (SensorProcess sensor = start("nobody", capable, "-i", "a1", "--lanes", "2")) {
            send();
            awaitPackets("nobody", 2 * FLOWS);
            String status = Files.readString(Path.of("/proc/" + sensor.pid() + "/status"));
            assertThat(status)
                    .containsPattern("Uid:\\s+65534")
                    .contains("CapEff:\t0000000000002000");

            // Another ring for the same interface, which a new socket is needed for.
            lab.namespace.run("ip link delete a1");
            sensor.awaitText("a1 is captured no more");
            lab.addPair("a0", "a1");
            await().atMost(PATIENCE).until(() -> packetSockets() >= 2);
            assertThat(sensor.stop()).contains("balanced");
        }
        // R1, R20
        assertThat(packetSockets()).isZero();
    }

    private long packetSockets() {
        return lab.namespace.run("cat /proc/net/packet").stdout().lines().count() - 1;
    }

    @Test
    void saysWhichCapabilityIsMissing() { // R17
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(List.of("--bounding-set=-all"));
        command.addAll(List.of(LAUNCHER, "sensor", "-i", "a1", "--bootstrap-server"));
        command.add(lab.kafka.bootstrapServers());

        Tools.Result refused = Tools.run(lab.namespace.command(command));

        assertThat(refused.exit()).as(refused.stderr()).isEqualTo(77);
        assertThat(refused.stderr()).contains("CAP_NET_RAW").doesNotContain("\tat ");
    }
}
