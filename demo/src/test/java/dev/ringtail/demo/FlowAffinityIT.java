package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.testing.Privileged;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Both directions of a flow keep together: in one lane of a sensor, and in one partition whoever
/// captured.
@Privileged
class FlowAffinityIT {
    private static final int FLOWS = 64;

    @TempDir private Path folder;

    @Test
    void keepsBothDirectionsOfEveryFlowInOneLaneAndOnePartition() throws Exception {
        Map<Integer, Set<String>> lanesOfFlow = new HashMap<>();
        Map<Integer, Set<Integer>> partitionsOfFlow = new HashMap<>();
        try (CaptureLab lab = new CaptureLab(folder)) {
            Sensor one = lab.startSensor(c -> c.set("lanes", 2).set("sensorId", "one"));
            Sensor two = lab.startSensor(c -> c.set("lanes", 3).set("sensorId", "two"));
            lab.send(bothDirections());
            CaptureLab.stopBalanced(one);
            CaptureLab.stopBalanced(two);

            PacketBatchReader batch = new PacketBatchReader();
            for (ConsumerRecord<byte[], byte[]> record : records(lab)) {
                batch.wrap(record.value());
                while (batch.next()) {
                    int flow = flow(batch.array(), batch.dataOffset());
                    lanesOfFlow
                            .computeIfAbsent(flow, f -> new HashSet<>())
                            .add(batch.sensorId() + batch.lane());
                    partitionsOfFlow
                            .computeIfAbsent(flow, f -> new HashSet<>())
                            .add(record.partition());
                    assertThat(record.partition()).isEqualTo(batch.partition());
                }
            }
        }

        assertThat(lanesOfFlow).hasSize(FLOWS);
        assertThat(lanesOfFlow.values())
                .allSatisfy(
                        lanes -> {
                            assertThat(lanes).hasSize(2);
                            assertThat(lanes).anyMatch(l -> l.startsWith("one"));
                        });
        assertThat(lanesOfFlow.values().stream().flatMap(Set::stream).distinct())
                .containsExactlyInAnyOrder("one0", "one1", "two0", "two1", "two2");
        assertThat(partitionsOfFlow.values()).allSatisfy(p -> assertThat(p).hasSize(1));
        assertThat(partitionsOfFlow.values().stream().flatMap(Set::stream).distinct())
                .hasSizeGreaterThan(8);
    }

    private static List<byte[]> bothDirections() {
        List<byte[]> frames = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            String client = "0a000001";
            String server = "0a0001%02x".formatted(flow);
            String clientPort = "%04x".formatted(1024 + flow);
            frames.add(udp(client, server, clientPort, "0035"));
            frames.add(udp(server, client, "0035", clientPort));
        }
        return frames;
    }

    private static byte[] udp(String source, String destination, String from, String to) {
        return bytes(
                "020000000002 020000000001 0800 4500 0024 0001 0000 40 11 0000",
                source,
                destination,
                from,
                to,
                "0010 0000 0102030405060708");
    }

    /// The server's number, whichever side it stands on.
    private static int flow(byte[] array, int offset) {
        return array[offset + 28] == 1 ? array[offset + 29] & 0xff : array[offset + 33] & 0xff;
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(CaptureLab lab) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        lab.kafka.bootstrapServers(),
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
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
