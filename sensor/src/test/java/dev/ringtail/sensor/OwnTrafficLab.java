package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.TopicReader;
import dev.ringtail.testing.NetworkNamespace;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Two hosts, each a network namespace: on one a sensor in a process of its own, on the other a
/// broker.
///
///     host     s0 198.51.100.1  ──  b0 198.51.100.2     broker
///              lo 192.0.2.7                             lo 203.0.113.9:9092, as it is advertised
final class OwnTrafficLab implements AutoCloseable {
    static final String HOST = "198.51.100.1";
    static final String BROKER_HOST = "198.51.100.2";
    static final String ADVERTISED = "203.0.113.9";
    static final int PORT = 9092;

    private static final int EXIT_TIMEOUT_SECONDS = 60;

    final NetworkNamespace host = NetworkNamespace.create();
    final NetworkNamespace brokerHost = NetworkNamespace.create();
    private final LocalKafka kafka;

    OwnTrafficLab(Path folder) throws Exception {
        for (NetworkNamespace each : List.of(host, brokerHost)) {
            each.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        }
        host.run("ip link add s0 type veth peer name b0 netns " + brokerHost.name());
        host.run("ip address add " + HOST + "/24 dev s0");
        host.run("ip address add 192.0.2.7/32 dev lo");
        host.run("ip link set s0 up");
        brokerHost.run("ip address add " + BROKER_HOST + "/24 dev b0");
        brokerHost.run("ip address add " + ADVERTISED + "/32 dev lo");
        brokerHost.run("ip link set b0 up");
        brokerHost.run("ip route add 192.0.2.7 via " + HOST);
        kafka =
                InNamespace.call(
                        brokerHost,
                        () ->
                                LocalKafka.start(
                                        folder,
                                        PORT,
                                        Map.of(
                                                "listeners",
                                                "PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093",
                                                "controller.quorum.voters",
                                                "1@127.0.0.1:9093",
                                                "advertised.listeners",
                                                "PLAINTEXT://203.0.113.9:9092")));
    }

    /// Makes the broker's advertised address reachable, from the host's own address or another.
    void route(String source) {
        host.run("ip route replace " + ADVERTISED + " via " + BROKER_HOST + " src " + source);
    }

    /// Starts a sensor on the host that takes TCP alone, and waits until it captures.
    RunningSensor sensor(String prefix, Path summary, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "sensor",
                                "--bootstrap-server",
                                ADVERTISED + ":" + PORT,
                                "--topic-prefix",
                                prefix,
                                "--summary",
                                summary.toString(),
                                "--lanes",
                                "1",
                                "-f",
                                "tcp"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(host.command(command)).start();
        RunningSensor sensor = new RunningSensor(process, summary);
        sensor.awaitLine("to " + prefix + ".packets");
        return sensor;
    }

    /// The packets of a topic, whole, in hexadecimal digits.
    List<String> packets(String prefix) throws Exception {
        return records(prefix + ".packets").stream()
                .map(OwnTrafficLab::decode)
                .flatMap(batch -> batch.getPackets().stream())
                .map(OwnTrafficLab::hex)
                .toList();
    }

    /// Waits until a sensor has written some more of its reports, which it does every second.
    void awaitReports(String prefix) throws Exception {
        int before = records(prefix + ".reports").size();
        await().until(() -> records(prefix + ".reports").size() >= before + 2);
    }

    private List<byte[]> records(String topic) throws Exception {
        KafkaSettings settings =
                new KafkaSettings(Map.of("bootstrap.servers", ADVERTISED + ":" + PORT));
        return InNamespace.call(
                brokerHost,
                () ->
                        TopicReader.readAll(settings, topic).stream()
                                .map(ConsumerRecord::value)
                                .toList());
    }

    private static PacketBatch decode(byte[] value) {
        return SingleObject.decoder(PacketBatch.class, SchemaLookup.NONE).decode(value);
    }

    private static String hex(Packet packet) {
        byte[] data = new byte[packet.getData().remaining()];
        packet.getData().get(data);
        return HexFormat.of().formatHex(data);
    }

    @Override
    public void close() {
        kafka.close();
        host.close();
        brokerHost.close();
    }

    /// A sensor's process; ended with SIGTERM, as a user would.
    static final class RunningSensor implements AutoCloseable {
        private final Process process;
        private final BufferedReader err;
        private final Path summary;

        RunningSensor(Process process, Path summary) {
            this.process = process;
            this.err = process.errorReader();
            this.summary = summary;
        }

        /// Reads on until a line that holds a text.
        void awaitLine(String text) throws IOException {
            List<String> before = new ArrayList<>();
            String line;
            while ((line = err.readLine()) != null) {
                if (line.contains(text)) {
                    return;
                }
                before.add(line);
            }
            throw new AssertionError(
                    before.stream().collect(Collectors.joining("\n", "", "\nand no " + text)));
        }

        /// Stops it in order, and returns the total of its ledger, which must balance.
        JsonNode stop() throws Exception {
            process.destroy();
            assertThat(process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return new ObjectMapper().readTree(summary.toFile()).path("total");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
