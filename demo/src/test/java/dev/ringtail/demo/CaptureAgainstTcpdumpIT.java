package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.CpuList;
import dev.ringtail.sensor.linux.CpuAffinity;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The export of a capture of a veth pair, in every way to read it, against what tcpdump wrote of
/// it at the same time.
@Privileged
@RequiresTool("tcpdump")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CaptureAgainstTcpdumpIT {
    /// Spreads packets by their length: `ld len; ret a`.
    private static final String BY_LENGTH = "2,128 0 0 0,22 0 0 0";

    private static final byte[] LAST =
            ethernet("0800", ipv4(17, 0, "1234 0035 0019 0000" + SideBySide.LAST));

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

    @Test
    void agreesByteForByteAndInTime() throws Exception { // R8, R15
        SideBySide captured = capture("whole", c -> {}, List.of("-i", "a1"));

        captured.assertEqual();
        assertThat(captured.report().getLanes().getFirst().getAcknowledged().getPackets())
                .isEqualTo(captured.theirs().size());
    }

    @Test
    void agreesWhereTheKernelCuts() throws Exception { // R9
        capture("cut", c -> c.set("snapLength", 96), List.of("-i", "a1", "-s", "96")).assertEqual();
    }

    @Test
    void agreesWhereTheKernelFilters() throws Exception { // R9
        // What stands behind `vlan` counts from behind the tag, so it comes last.
        String filter = "udp[8:4] = 0x6c617374 or arp or (udp and len > 1000) or (vlan and udp)";

        capture("filtered", c -> c.set("filter", filter), List.of("-i", "a1", filter))
                .assertEqual();
    }

    /// Frames of 9000 bytes are longer than the slots, and the socket's queue has them whole.
    @Test
    void agreesWhereEachPacketIsHandedOverAtOnce() throws Exception {
        capture("immediate", c -> c.set("immediate", true), List.of("-i", "a1")).assertEqual();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agreesWithoutLinkHeaderButForTheTagThatTcpdumpLoses(boolean immediate) throws Exception {
        // R19
        SideBySide captured =
                capture(
                        "cooked-" + immediate,
                        c -> c.set("cooked", true).set("immediate", immediate),
                        List.of("-i", "any", "-y", "LINUX_SLL2", "not net 127.0.0.0/8"));
        int index =
                Integer.parseInt(
                        lab.namespace.run("cat /sys/class/net/a1/ifindex").stdout().strip());

        SideBySide.assertEqual(
                captured.topic().stream().map(Cooked::withoutRestoredTag).toList(),
                captured.theirs().stream()
                        .filter(p -> Cooked.interfaceIndex(p) == index)
                        .map(Cooked::withoutLeftovers)
                        .toList());
        assertThat(captured.ours())
                .extracting(FilePacket::linkType)
                .containsOnly(LinkType.LINUX_SLL2);
        assertThat(captured.topic()).filteredOn(Cooked::hasRestoredTag).hasSize(3 * 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hash", "lb", "cpu", "rollover", "rnd", "qm", "cbpf"})
    void everyPacketIsOnceInSomeLane(String mode) throws Exception { // R3, R14
        Map<String, String> fanout =
                mode.equals("cbpf")
                        ? Map.of("mode", mode, "program", BY_LENGTH)
                        : Map.of("mode", mode);

        SideBySide captured =
                capture(
                        "fanout-" + mode,
                        c -> c.set("lanes", 2).set("fanout", fanout),
                        List.of("-i", "a1"));

        captured.assertEqualInAnyOrder();
        captured.assertLanesInOrder();
        // One processor sends all of it, and so takes all of it in; the pair has one queue, and no
        // ring fills.
        boolean spreads = List.of("hash", "lb", "rnd", "cbpf").contains(mode);
        assertThat(captured.topic().stream().map(TopicPacket::lane).distinct())
                .hasSize(spreads ? 2 : 1);
    }

    private SideBySide capture(String name, Consumer<ConfigLoader> settings, List<String> arguments)
            throws Exception {
        List<SideBySide> captured = new ArrayList<>();
        lab.run(
                inside ->
                        captured.add(
                                SideBySide.capture(
                                        inside,
                                        folder,
                                        name,
                                        settings,
                                        arguments,
                                        traffic ->
                                                fromOneProcessor(
                                                        () -> {
                                                            traffic.send(FrameKinds.every(20));
                                                            traffic.send(List.of(LAST));
                                                        }))));
        return captured.getFirst();
    }

    private static void fromOneProcessor(Runnable send) {
        LibC libc = LibC.load();
        List<Integer> allowed = CpuList.parse(CpuAffinity.allowedList()).cpus();
        CpuAffinity.set(libc, allowed.subList(0, 1));
        try {
            send.run();
        } finally {
            CpuAffinity.set(libc, allowed);
        }
    }
}
