package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One of four flows is kept, wholly and by every sensor, and what is left out is counted.
@Privileged
class FlowSamplingIT {
    private static final int FLOWS = 200;

    @TempDir private Path folder;

    @Test
    void keepsTheSameFlowsInBothDirectionsWhoeverCaptures() throws Exception {
        Map<String, Map<Integer, Integer>> packetsOfFlow = new HashMap<>();
        CaptureLab.run(
                folder,
                lab -> {
                    Sensor one = start(lab, "one", 2);
                    Sensor two = start(lab, "two", 1);
                    lab.send(UdpFlows.bothDirections(FLOWS));
                    SensorReport first = CaptureLab.stopBalanced(one);
                    SensorReport second = CaptureLab.stopBalanced(two);
                    for (SensorReport report : List.of(first, second)) {
                        Map<Integer, Integer> packets = new HashMap<>();
                        lab.topic(report.getSensorId())
                                .forEach(
                                        p ->
                                                packets.merge(
                                                        UdpFlows.flow(p.captured()),
                                                        1,
                                                        Integer::sum));
                        packetsOfFlow.put(report.getSensorId(), packets);
                        assertThat(sampledOut(report) + 2L * packets.size()).isEqualTo(2 * FLOWS);
                    }
                    assertThat(first.getLanes())
                            .allSatisfy(
                                    lane ->
                                            assertThat(lane.getPublished().getPackets())
                                                    .isPositive());
                    assertThat(lab.consumer("verify")).isZero();
                });

        assertThat(packetsOfFlow.get("one").values()).containsOnly(2);
        assertThat(packetsOfFlow.get("two")).isEqualTo(packetsOfFlow.get("one"));
        // The choice is by a fixed hash, so it is the same in every run: near a quarter.
        Set<Integer> kept = packetsOfFlow.get("one").keySet();
        assertThat(kept).hasSizeBetween(FLOWS / 4 - 20, FLOWS / 4 + 20);
    }

    private static Sensor start(CaptureLab lab, String name, int lanes) {
        return lab.startSensor(c -> c.set("sensorId", name).set("lanes", lanes).set("sampling", 4));
    }

    private static long sampledOut(SensorReport report) {
        return report.getLanes().stream()
                .map(LaneLedger::getExcludedSampledOut)
                .mapToLong(tally -> tally.getPackets())
                .sum();
    }
}
