package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The launcher's `demo` as a user starts it, in a network namespace so that nobody else's packets
/// are on `lo`, and its results in the hands of programs that we did not write.
@Privileged
@RequiresTool("tshark")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {
    private static final String LAUNCHER =
            Path.of("..", "ringtail").toAbsolutePath().normalize().toString();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path folder;
    private NetworkNamespace namespace;
    private Path pcapng;
    private Tools.Result demo;
    private JsonNode summary;

    @BeforeAll
    void runDemo(@TempDir Path temporary) throws IOException {
        folder = temporary;
        namespace = NetworkNamespace.create();
        pcapng = folder.resolve("out.pcapng");
        Path summaryFile = folder.resolve("summary.json");
        demo =
                ringtail(
                        "demo",
                        "--duration",
                        "8",
                        "--pcapng",
                        pcapng.toString(),
                        "--summary",
                        summaryFile.toString(),
                        "--data",
                        data());
        assertThat(demo.exit()).as("%s%n%s", demo.stdout(), demo.stderr()).isZero();
        summary = JSON.readTree(Files.readString(summaryFile));
    }

    @AfterAll
    void deleteNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void ledgerBalances() {
        JsonNode total = summary.get("total");
        assertThat(summary.get("balanced").booleanValue()).isTrue();
        assertThat(number(total, "kernelPackets"))
                .isEqualTo(number(total, "kernelDrops") + number(total, "received"));
        assertThat(number(total, "received"))
                .isEqualTo(
                        number(total, "published")
                                + number(total.get("excluded"), "ownTraffic")
                                + number(total.get("excluded"), "outgoing"));
        assertThat(number(total, "published"))
                .isEqualTo(number(total, "acknowledged"))
                .isPositive();
        assertThat(number(total.get("excluded"), "ownTraffic")).isPositive();
        assertThat(demo.stdout()).contains("kernelPackets", "received", "acknowledged", "balanced");
        assertThat(summary.get("lanes").size()).isEqualTo(2);
    }

    @Test
    void fileHoldsEveryAcknowledgedPacketByCapinfosCount() {
        String line =
                Tools.run("capinfos", "-T", "-r", "-M", "-c", pcapng.toString()).orFail().stdout();
        assertThat(line.strip()).endsWith("\t" + number(summary.get("total"), "acknowledged"));
    }

    @Test
    void serversAreAtPortsThatTsharkKnows() {
        assertThat(demo.stdout() + demo.stderr())
                .containsPattern("HTTP to \\S+:8080\\s")
                .containsPattern("bulk TCP to \\S+:20\\s")
                .containsPattern("DNS to \\S+:53\\s")
                .doesNotContain("can't be had");
    }

    @Test
    void tsharkFindsEveryKindOfTrafficAndNothingMalformed() {
        assertThat(packetsThatMatch("http && ip")).isPositive();
        assertThat(packetsThatMatch("http && ipv6")).isPositive();
        assertThat(packetsThatMatch("dns && ip")).isPositive();
        assertThat(packetsThatMatch("dns && ipv6")).isPositive();
        assertThat(packetsThatMatch("tcp.len > 20000")).isPositive();
        assertThat(packetsThatMatch("_ws.malformed")).isZero();
    }

    @Test
    void loopbackFramesAreThereOnce() {
        List<String> queries =
                fields(
                        "dns && ip && dns.flags.response == 0",
                        "udp.srcport",
                        "dns.id",
                        "dns.qry.name");
        assertThat(queries).doesNotHaveDuplicates();
    }

    @Test
    void flowsAgreeWithTsharkPacketForPacket() throws Exception {
        Process kafka =
                new ProcessBuilder(
                                namespace.command(
                                        List.of(
                                                LAUNCHER, "kafka", "--data", data(), "--port",
                                                "0")))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out = kafka.inputReader(StandardCharsets.UTF_8)) {
            String bootstrapServer = out.readLine();
            assertThat(bootstrapServer).startsWith("127.0.0.1:");
            Tools.Result flows =
                    ringtail("flows", "--bootstrap-server", bootstrapServer, "--output", "json")
                            .orFail();
            assertThat(packetsByFlow(flows.stdout())).isEqualTo(packetsByTshark());
            kafka.destroy();
            assertThat(kafka.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(kafka.exitValue()).isZero();
        } finally {
            kafka.destroyForcibly();
        }
    }

    @Test
    void ctrlCEndsItInOrderWithTheFile() throws Exception {
        Path file = folder.resolve("interrupted.pcapng");
        Process process =
                new ProcessBuilder(
                                namespace.command(
                                        List.of(LAUNCHER, "demo", "--pcapng", file.toString())))
                        .redirectOutput(folder.resolve("interrupted.txt").toFile())
                        .start();
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            String line = err.readLine();
            while (line != null && !line.contains(" packets/s")) {
                line = err.readLine();
            }
            Tools.run("kill", "-INT", Long.toString(process.pid())).orFail();
            List<String> rest = err.readAllLines();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s", rest).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("interrupted.txt")))
                .contains("balanced", "interrupted.pcapng:");
        Tools.run("capinfos", file.toString()).orFail();
    }

    @Test
    void withoutTheCapabilityItSaysWhatToDoAndStartsNothing() {
        Tools.Result refused =
                Tools.run(
                        PATIENCE,
                        List.of(
                                "setpriv",
                                "--bounding-set=-net_raw",
                                "--inh-caps=-net_raw",
                                LAUNCHER,
                                "demo",
                                "--duration",
                                "1",
                                "--pcapng",
                                folder.resolve("none.pcapng").toString()));
        assertThat(refused.exit()).isEqualTo(77);
        assertThat(refused.stderr())
                .contains("CAP_NET_RAW", "unshare -rn")
                .doesNotContain("Kafka ", "\tat ");
        assertThat(folder.resolve("none.pcapng")).doesNotExist();
    }

    @Test
    void unknownInterfaceIsAUsageError() {
        Tools.Result refused = ringtail("demo", "--interface", "nosuch0", "--duration", "1");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.stderr()).contains("nosuch0").doesNotContain("\tat ");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private Tools.Result ringtail(String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(arguments));
        return Tools.run(PATIENCE, namespace.command(command));
    }

    private long packetsThatMatch(String filter) {
        return fields(filter, "frame.number").size();
    }

    /// A line a packet that matches, fields separated by tabs.
    private List<String> fields(String filter, String... names) {
        List<String> command =
                new ArrayList<>(
                        List.of("tshark", "-r", pcapng.toString(), "-Y", filter, "-T", "fields"));
        for (String name : names) {
            command.add("-e");
            command.add(name);
        }
        return Tools.run(command).orFail().stdout().lines().toList();
    }

    private Map<String, Long> packetsByTshark() {
        Map<String, Long> packets = new TreeMap<>();
        for (String protocol : List.of("tcp", "udp")) {
            for (String address : List.of("ip", "ipv6")) {
                for (String line :
                        fields(
                                protocol + " && " + address,
                                address + ".src",
                                protocol + ".srcport",
                                address + ".dst",
                                protocol + ".dstport")) {
                    String[] part = line.split("\t", -1);
                    packets.merge(
                            flowKey(protocol, part[0], part[1], part[2], part[3]), 1L, Long::sum);
                }
            }
        }
        return packets;
    }

    private static Map<String, Long> packetsByFlow(String jsonLines) throws IOException {
        Map<String, Long> packets = new TreeMap<>();
        for (String line : jsonLines.lines().toList()) {
            JsonNode flow = JSON.readTree(line);
            int protocol = flow.get("protocol").intValue();
            if (protocol == 6 || protocol == 17) {
                String key =
                        flowKey(
                                protocol == 6 ? "tcp" : "udp",
                                flow.get("sourceAddress").textValue(),
                                flow.get("sourcePort").asText(),
                                flow.get("destinationAddress").textValue(),
                                flow.get("destinationPort").asText());
                packets.merge(
                        key,
                        number(flow, "forwardPackets") + number(flow, "reversePackets"),
                        Long::sum);
            }
        }
        return packets;
    }

    /// The same for both directions.
    private static String flowKey(
            String protocol,
            String source,
            String sourcePort,
            String destination,
            String destinationPort) {
        String a = source + " " + sourcePort;
        String b = destination + " " + destinationPort;
        return protocol + " " + (a.compareTo(b) <= 0 ? a + " " + b : b + " " + a);
    }

    private static long number(JsonNode node, String name) {
        return node.get(name).longValue();
    }
}
