package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.sensor.OwnTrafficLab.RunningSensor;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a sensor leaves out of the link that it reaches Kafka over, in a process of its own, with
/// others' connections beside its own and with address translation by the kernel.
@Privileged
@RequiresTool({"tcpdump", "ss", "iptables"})
@Timeout(120)
class OwnTrafficCaptureIT {
    private static final int OTHER_PORT = 7777;

    @TempDir static Path brokerFolder;
    private static OwnTrafficLab lab;

    @TempDir private Path folder;

    @BeforeAll
    static void open() throws Exception {
        lab = new OwnTrafficLab(brokerFolder);
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @Test
    void leavesOutItsOwnConnectionsAndNoOthers() throws Exception {
        lab.route(OwnTrafficLab.HOST);
        Path file = folder.resolve("all.pcap");
        Process tcpdump = tcpdump(file);
        int othersPort;
        try (RunningSensor sensor = sensor("direct", "-i", "s0")) {
            List<Integer> own = portsTo(OwnTrafficLab.ADVERTISED);
            assertThat(own).isNotEmpty();

            othersPort = connectToBrokerAsAnother();
            connectFromOwnPortOfAnotherHost(own.getFirst());
            lab.awaitReports("direct");

            assertThat(sensor.stop().at("/excluded/ownTraffic").asLong()).isPositive();
        } finally {
            tcpdump.destroy();
        }
        assertThat(tcpdump.waitFor(20, TimeUnit.SECONDS)).isTrue();

        assertThat(lab.packets("direct"))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        frames(file, "port " + othersPort + " or port " + OTHER_PORT));
    }

    /// With both directions of each packet, as `any` has them, or with one.
    @ParameterizedTest
    @ValueSource(strings = {"--outgoing", "--headers"})
    void leavesThemOutOnAnyInterface(String option) throws Exception {
        lab.route(OwnTrafficLab.HOST);
        try (RunningSensor sensor = sensor("any" + option, "-i", "any", option)) {
            lab.awaitReports("any" + option);
            assertAllIsOwn(sensor.stop());
        }
    }

    /// As a service address of Kubernetes is translated on the node.
    @Test
    void leavesThemOutWhereTheBrokersAddressIsTranslated() throws Exception {
        lab.route(OwnTrafficLab.HOST);
        String rule =
                "OUTPUT -d 203.0.113.9 -p tcp --dport 9092 -j DNAT --to-destination 198.51.100.2";
        Path file = folder.resolve("all.pcap");
        Process tcpdump = tcpdump(file);
        try (RunningSensor sensor = translated(rule, "dnat")) {
            lab.awaitReports("dnat");
            assertAllIsOwn(sensor.stop());
        } finally {
            lab.host.run("iptables -t nat -D " + rule);
            tcpdump.destroy();
        }
        assertThat(tcpdump.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(frames(file, "host 198.51.100.2 and port 9092")).isNotEmpty();
    }

    @Test
    void leavesThemOutWhereTheHostsOwnAddressIsTranslatedToAnotherOfIts() throws Exception {
        lab.route("192.0.2.7");
        String rule = "POSTROUTING -o s0 -p tcp -j MASQUERADE";
        Path file = folder.resolve("all.pcap");
        Process tcpdump = tcpdump(file);
        try (RunningSensor sensor = translated(rule, "masquerade")) {
            lab.awaitReports("masquerade");
            assertAllIsOwn(sensor.stop());
        } finally {
            lab.host.run("iptables -t nat -D " + rule);
            tcpdump.destroy();
        }
        assertThat(tcpdump.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(frames(file, "host 198.51.100.1 and port 9092")).isNotEmpty();
        assertThat(frames(file, "host 192.0.2.7")).isEmpty();
    }

    /// Another port than the socket's: nothing tells these packets from others'. They are captured,
    /// counted, and warned of, as each makes another.
    @Test
    void warnsWhereItsOwnPortsAreTranslated() throws Exception {
        lab.route(OwnTrafficLab.HOST);
        String rule = "POSTROUTING -o s0 -p tcp -j MASQUERADE --to-ports 20000-20999";
        try (RunningSensor sensor = translated(rule, "echo")) {
            sensor.awaitLine("captured packets hold what this session has published");
            JsonNode ledger = sensor.stop();

            assertThat(ledger.path("published").asLong()).isPositive();
            assertThat(ledger.at("/excluded/ownTraffic").asLong()).isZero();
        } finally {
            lab.host.run("iptables -t nat -D " + rule);
        }
    }

    private RunningSensor translated(String rule, String prefix) throws IOException {
        lab.host.run("iptables -t nat -A " + rule);
        return sensor(prefix, "-i", "s0");
    }

    private RunningSensor sensor(String prefix, String... options) throws IOException {
        return lab.sensor(prefix, folder.resolve("summary.json"), options);
    }

    private static void assertAllIsOwn(JsonNode ledger) {
        assertThat(ledger.at("/excluded/ownTraffic").asLong())
                .isPositive()
                .isEqualTo(ledger.path("received").asLong());
        assertThat(ledger.path("published").asLong()).isZero();
    }

    /// Local ports of the host's connections to an address.
    private static List<Integer> portsTo(String address) {
        return lab.host
                .run("ss -Htn state established dst " + address)
                .stdout()
                .lines()
                .map(line -> line.strip().split("\\s+")[2])
                .map(local -> Integer.valueOf(local.substring(local.lastIndexOf(':') + 1)))
                .toList();
    }

    /// A connection to the sensor's broker that is not the sensor's.
    ///
    /// @return its local port
    private static int connectToBrokerAsAnother() throws Exception {
        return InNamespace.call(
                lab.host,
                () -> {
                    try (Socket other = new Socket(OwnTrafficLab.ADVERTISED, OwnTrafficLab.PORT)) {
                        other.getOutputStream().write(new byte[2_000]);
                        other.shutdownOutput();
                        // Zeros are no request: Kafka closes.
                        assertThat(other.getInputStream().readAllBytes()).isEmpty();
                        return other.getLocalPort();
                    }
                });
    }

    /// A connection to the host from a port of another that has the number of one of the sensor's.
    private static void connectFromOwnPortOfAnotherHost(int ownPort) throws Exception {
        try (ServerSocket server =
                InNamespace.call(lab.host, () -> new ServerSocket(OTHER_PORT, 5))) {
            byte[] sent = new byte[2_000];
            Socket client =
                    InNamespace.call(
                            lab.brokerHost,
                            () ->
                                    new Socket(
                                            OwnTrafficLab.HOST,
                                            OTHER_PORT,
                                            InetAddress.getByName(OwnTrafficLab.BROKER_HOST),
                                            ownPort));
            try (client;
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(sent);
                client.shutdownOutput();
                assertThat(accepted.getInputStream().readAllBytes()).isEqualTo(sent);
                assertThat(((InetSocketAddress) accepted.getRemoteSocketAddress()).getPort())
                        .isEqualTo(ownPort);
                accepted.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    private Process tcpdump(Path file) throws IOException {
        Path messages = folder.resolve("tcpdump.err");
        Process process =
                new ProcessBuilder(
                                lab.host.command(
                                        List.of(
                                                "tcpdump",
                                                "-i",
                                                "s0",
                                                "--immediate-mode",
                                                "-U",
                                                "-w",
                                                file.toString(),
                                                "tcp")))
                        .redirectError(messages.toFile())
                        .start();
        await().untilAsserted(
                        () -> assertThat(Files.readString(messages)).contains("listening on"));
        return process;
    }

    /// The frames of a capture file that tcpdump takes for a filter's, in hexadecimal digits.
    private List<String> frames(Path file, String filter) throws IOException {
        Path chosen = folder.resolve("chosen.pcap");
        Tools.run("tcpdump", "-r", file.toString(), "-w", chosen.toString(), filter).orFail();
        List<String> frames = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(chosen)) {
            while (reader.next()) {
                frames.add(
                        HexFormat.of()
                                .formatHex(
                                        reader.data(),
                                        reader.dataOffset(),
                                        reader.dataOffset() + reader.dataLength()));
            }
        }
        return frames;
    }
}
