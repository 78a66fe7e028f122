package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.schema.GapReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Interfaces that come, go and differ, from the sensor through Kafka into the file.
@Privileged
@RequiresTool("tshark")
class LinkLifeIT {
    private static final int FLOWS = 50;

    @TempDir private Path folder;

    @Test
    void tellsInTheFileThatAnInterfaceWasGone() throws Exception { // R11
        Path exported = folder.resolve("gap.pcapng");
        CaptureLab.run(
                folder,
                lab -> {
                    Sensor sensor = lab.startSensor(c -> c.set("lanes", 2));
                    lab.send(UdpFlows.bothDirections(FLOWS));
                    await().until(() -> received(sensor) == 2 * FLOWS);

                    lab.namespace.run("ip link delete a1");
                    await().until(() -> sensor.snapshot().getGaps().size() == 1);
                    lab.addPair("a0", "a1");
                    await().until(() -> gap(sensor).getToNs() > 0);
                    lab.send(UdpFlows.bothDirections(FLOWS));

                    CaptureLab.stopBalanced(sensor);
                    assertThat(lab.consumer("export", "-w", exported.toString())).isZero();
                    assertThat(lab.consumer("verify")).isZero();
                });

        List<String> comments = tshark(exported, "frame.comment");
        assertThat(comments).hasSize(4 * FLOWS);
        assertThat(comments.get(2 * FLOWS)).contains("a1", "deleted");
        assertThat(comments).filteredOn(comment -> !comment.isEmpty()).hasSize(1);
    }

    private static long received(Sensor sensor) {
        return sensor.snapshot().getLanes().stream()
                .mapToLong(lane -> lane.getReceived().getPackets())
                .sum();
    }

    private static GapReport gap(Sensor sensor) {
        return sensor.snapshot().getGaps().getFirst();
    }

    @Test
    void filtersEachInterfaceByItsOwn() throws Exception {
        Path exported = folder.resolve("filters.pcapng");
        CaptureLab.run(
                folder,
                lab -> {
                    lab.addPair("c0", "c1");
                    Sensor sensor =
                            lab.startSensor(
                                    c ->
                                            c.set("filter", "src host 10.0.0.1")
                                                    .set(
                                                            "interfaces",
                                                            List.of(
                                                                    "a1",
                                                                    Map.of(
                                                                            "name",
                                                                            "c1",
                                                                            "filter",
                                                                            "dst host 10.0.0.1"))));
                    lab.send(UdpFlows.bothDirections(FLOWS));
                    CaptureLab.send("c0", UdpFlows.bothDirections(FLOWS));
                    CaptureLab.stopBalanced(sensor);
                    assertThat(lab.consumer("export", "-w", exported.toString())).isZero();
                });

        List<String> packets = tshark(exported, "frame.interface_name", "ip.src");
        assertThat(packets).hasSize(2 * FLOWS);
        assertThat(packets).filteredOn(p -> p.equals("a1\t10.0.0.1")).hasSize(FLOWS);
        assertThat(packets).filteredOn(p -> p.startsWith("c1\t10.0.1.")).hasSize(FLOWS);
    }

    /// A line a packet, fields separated by tabs.
    private static List<String> tshark(Path file, String... fields) {
        List<String> command =
                new ArrayList<>(List.of("tshark", "-n", "-r", file.toString(), "-T", "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return Tools.run(command).orFail().stdout().lines().toList();
    }
}
