package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What drivers say, against ethtool.
@Privileged
@RequiresTool("ethtool")
class EthernetToolIT {
    private static final List<String> LINKS = List.of("lo", "v0", "v1", "br0", "tap0", "tun0");

    private final LibC libc = LibC.load();

    private NetworkNamespace namespace;
    private EthernetTool tool;

    @BeforeEach
    void open() throws Exception {
        namespace = NetworkNamespace.create();
        namespace.run("ip link add v0 numrxqueues 4 numtxqueues 4 type veth peer name v1");
        namespace.run("ip link add br0 type bridge");
        namespace.run("ip tuntap add tap0 mode tap");
        namespace.run("ip tuntap add tun0 mode tun");
        namespace.run("ethtool -K v0 tso off gro on");
        namespace.run("ethtool -K v1 gso off");
        tool = InNamespace.call(namespace, () -> EthernetTool.open(libc));
    }

    @AfterEach
    void close() {
        tool.close();
        namespace.close();
    }

    @Test
    void agreesWithEthtoolOnOffloads() {
        for (String link : LINKS) {
            String features = namespace.run("ethtool -k " + link).stdout();

            assertThat(tool.offloads(link))
                    .as(link)
                    .hasValue(
                            new Offloads(
                                    isOn(features, "generic-receive-offload"),
                                    isOn(features, "large-receive-offload"),
                                    isOn(features, "tcp-segmentation-offload"),
                                    isOn(features, "generic-segmentation-offload")));
        }
        assertThat(tool.offloads("v0")).hasValue(new Offloads(true, false, false, true));
    }

    @Test
    void agreesWithEthtoolOnDrivers() {
        for (String link : LINKS) {
            Tools.Result theirs = ethtool("-i", link);

            assertThat(tool.driver(link).isPresent()).as(link).isEqualTo(theirs.exit() == 0);
            tool.driver(link)
                    .ifPresent(
                            driver ->
                                    assertThat(theirs.stdout())
                                            .startsWith("driver: " + driver + "\n"));
        }
        assertThat(tool.driver("v0")).hasValue("veth");
    }

    @Test
    void agreesWithEthtoolOnQueues() {
        namespace.run("ethtool -L v0 rx 3");
        for (String link : LINKS) {
            Tools.Result theirs = ethtool("-l", link);

            if (theirs.exit() == 0) {
                assertThat(tool.rxQueueCount(link)).as(link).hasValue(currentQueues(theirs));
            } else {
                assertThat(tool.rxQueueCount(link)).as(link).isEmpty();
            }
        }
        assertThat(tool.rxQueueCount("v0")).hasValue(3);
    }

    @Test
    void agreesWithEthtoolOnTimestamps() {
        for (String link : LINKS) {
            String theirs = namespace.run("ethtool -T " + link).stdout();
            TimestampSupport ours = tool.timestampSupport(link).orElseThrow();

            assertThat((ours.soTimestamping() & 1 << 1) != 0)
                    .as(link)
                    .isEqualTo(theirs.contains("software-transmit"));
            assertThat((ours.soTimestamping() & 1 << 3) != 0)
                    .as(link)
                    .isEqualTo(theirs.contains("software-receive"));
            assertThat(ours.hardwareReceive())
                    .as(link)
                    .isEqualTo(
                            theirs.contains("hardware-receive")
                                    && Pattern.compile(
                                                    "Hardware Receive Filter Modes:.*\\ball\\b",
                                                    Pattern.DOTALL)
                                            .matcher(theirs)
                                            .find());
        }
    }

    @Test
    void saysThatADeviceIsGone() {
        assertThatThrownBy(() -> tool.driver("nope0"))
                .isInstanceOfSatisfying(
                        SyscallException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV.number()));
        assertThatThrownBy(() -> tool.offloads("a-name-that-is-too-long"))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("ENODEV");
    }

    @Test
    void doesNotGetHardwareTimestampsWhereThereAreNone() throws Exception {
        InNamespace.call(
                namespace,
                () ->
                        assertThatThrownBy(() -> HardwareTimestamps.enable(libc, "br0"))
                                .isInstanceOf(SyscallException.class)
                                .hasMessageContaining("EOPNOTSUPP")
                                .hasMessageContaining("br0 has no hardware stamps"));
    }

    /// Some questions have no answer, which is no failure here.
    private Tools.Result ethtool(String option, String link) {
        return Tools.run(namespace.command(List.of("ethtool", option, link)));
    }

    private static boolean isOn(String features, String name) {
        return features.contains("\n" + name + ": on");
    }

    /// RX and Combined of the second of two tables.
    private static int currentQueues(Tools.Result channels) {
        String current = channels.stdout().substring(channels.stdout().indexOf("Current"));
        return Pattern.compile("(?m)^(?:RX|Combined):\\s+(\\d+)$")
                .matcher(current)
                .results()
                .map(MatchResult::group)
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .sum();
    }
}
