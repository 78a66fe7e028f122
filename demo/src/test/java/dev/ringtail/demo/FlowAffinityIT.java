package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.Sensor;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
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
        CaptureLab.run(
                folder,
                lab -> {
                    Sensor one = lab.startSensor(c -> c.set("lanes", 2).set("sensorId", "one"));
                    Sensor two = lab.startSensor(c -> c.set("lanes", 3).set("sensorId", "two"));
                    lab.send(UdpFlows.bothDirections(FLOWS));
                    CaptureLab.stopBalanced(one);
                    CaptureLab.stopBalanced(two);
                    for (String sensor : List.of("one", "two")) {
                        for (TopicPacket packet : lab.topic(sensor)) {
                            int flow = UdpFlows.flow(packet.captured());
                            lanesOfFlow
                                    .computeIfAbsent(flow, f -> new HashSet<>())
                                    .add(sensor + packet.lane());
                            partitionsOfFlow
                                    .computeIfAbsent(flow, f -> new HashSet<>())
                                    .add(packet.partition());
                        }
                    }
                });

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
}
