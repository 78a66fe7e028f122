package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkNamespaceThread;
import dev.ringtail.testing.NetworkNamespace;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
    private final NetworkNamespaceThread thread;

    /// Runs a test in a new lab.
    static void run(Path folder, Body body) throws Exception {
        try (CaptureLab lab = open(folder)) {
            lab.run(body);
        }
    }

    /// Opens a lab for several tests.
    static CaptureLab open(Path folder) throws Exception {
        return open(() -> LocalKafka.start(folder.resolve("kafka"), 0, Map.of()));
    }

    /// Opens a lab with another broker.
    ///
    /// @param broker starts it, in the namespace
    static CaptureLab open(Callable<LocalKafka> broker) throws Exception {
        NetworkNamespace namespace = NetworkNamespace.create();
        NetworkNamespaceThread thread =
                NetworkNamespaceThread.start(LibC.load(), namespace.path().toString());
        return thread.call(() -> new CaptureLab(namespace, thread, broker.call()));
    }

    private CaptureLab(
            NetworkNamespace namespace, NetworkNamespaceThread thread, LocalKafka kafka) {
        this.namespace = namespace;
        this.thread = thread;
        this.kafka = kafka;
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        addPair("a0", "a1");
    }

    /// Runs a test in this lab.
    void run(Body body) throws Exception {
        thread.call(
                () -> {
                    body.run(this);
                    return null;
                });
    }

    /// Adds a veth pair of MTU 9000 that is up.
    void addPair(String near, String far) {
        namespace.run(
                "ip link add %s mtu 9000 type veth peer name %s mtu 9000".formatted(near, far));
        namespace.run("ip link set %s up".formatted(near));
        namespace.run("ip link set %s up".formatted(far));
    }

    /// Starts a sensor on `a1`.
    Sensor startSensor(Consumer<ConfigLoader> changes) {
        return startSensor(changes, d -> false);
    }

    /// Starts a sensor on `a1`.
    ///
    /// @param stopRequested asked while it waits for a schema registry
    Sensor startSensor(Consumer<ConfigLoader> changes, Predicate<Duration> stopRequested) {
        ConfigLoader config =
                new ConfigLoader(Map.of())
                        .set("interfaces", List.of("a1"))
                        .set("sensorId", "lab")
                        .set("ring", RING)
                        .kafka("bootstrap.servers", kafka.bootstrapServers());
        changes.accept(config);
        Sensor sensor =
                Sensor.open(config.load(), OwnTrafficMatcher.NONE, stopRequested, step -> {});
        sensor.start();
        return sensor;
    }

    /// Sends frames out of `a0`, so that they come in on `a1`.
    void send(List<byte[]> frames) {
        send("a0", frames);
    }

    /// Sends frames out of an interface.
    static void send(String interfaceName, List<byte[]> frames) {
        try (FrameSender sender = new FrameSender(interfaceName)) {
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

    /// The packets of a sensor as they are in the topic, in the order of their lanes.
    List<TopicPacket> topic(String sensorId) {
        List<TopicPacket> packets = new ArrayList<>();
        PacketBatchReader batch = new PacketBatchReader();
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor("capture.packets").stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    batch.wrap(record.value());
                    assertThat(record.partition()).isEqualTo(batch.partition());
                    while (batch.sensorId().equals(sensorId) && batch.next()) {
                        packets.add(TopicPacket.current(batch));
                    }
                }
            }
        }
        packets.sort(
                Comparator.comparingInt(TopicPacket::lane)
                        .thenComparingLong(TopicPacket::laneNumber));
        return packets;
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
        thread.close();
        namespace.close();
    }
}
