package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.NetworkNamespace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A network namespace with a broker on its `lo` and a veth pair `a0`–`a1`, on which sensors
/// capture. Threads are in the namespace of the thread that started them, so a test runs in it as a
/// whole.
final class CaptureLab implements AutoCloseable {
    /// What a test does in a lab.
    interface Body {
        void run(CaptureLab lab) throws Exception;
    }

    private static final Map<String, Object> RING =
            Map.of("blockSize", "1MiB", "blockCount", 16, "blockTimeout", "20ms");

    final LocalKafka kafka;
    final NetworkNamespace namespace;

    /// Runs a test in a new lab.
    static void run(Path folder, Body body) throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            InNamespace.call(
                    namespace,
                    () -> {
                        try (CaptureLab lab = new CaptureLab(namespace, folder)) {
                            body.run(lab);
                        }
                        return null;
                    });
        }
    }

    private CaptureLab(NetworkNamespace namespace, Path folder) {
        this.namespace = namespace;
        this.kafka = LocalKafka.start(folder.resolve("kafka"), 0, Map.of());
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        namespace.run("ip link add a0 mtu 9000 type veth peer name a1");
        namespace.run("ip link set a1 mtu 9000");
        namespace.run("ip link set a0 up");
        namespace.run("ip link set a1 up");
    }

    /// Starts a sensor on `a1`.
    Sensor startSensor(Consumer<ConfigLoader> changes) {
        ConfigLoader config =
                new ConfigLoader(Map.of())
                        .set("interfaces", List.of("a1"))
                        .set("sensorId", "lab")
                        .set("ring", RING)
                        .kafka("bootstrap.servers", kafka.bootstrapServers());
        changes.accept(config);
        Sensor sensor = Sensor.open(config.load(), OwnTrafficMatcher.NONE);
        sensor.start();
        return sensor;
    }

    /// Sends frames out of `a0`, so that they come in on `a1`.
    void send(List<byte[]> frames) {
        try (FrameSender sender = new FrameSender("a0")) {
            frames.forEach(sender::send);
        }
    }

    static SensorReport stopBalanced(Sensor sensor) {
        SensorReport report = sensor.stop();
        assertThat(Balance.check(report)).isEmpty();
        return report;
    }

    /// Runs a consumer's command as its own process would.
    int consumer(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        return dev.ringtail.consumer.Main.commandLine().execute(all.toArray(String[]::new));
    }

    /// The packets of a capture file.
    static List<FilePacket> read(Path file) throws IOException {
        List<FilePacket> packets = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                packets.add(FilePacket.current(reader));
            }
        }
        return packets;
    }

    @Override
    public void close() {
        kafka.close();
    }
}
