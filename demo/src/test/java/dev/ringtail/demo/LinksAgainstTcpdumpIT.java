package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.linux.TunDevice;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The export of a capture of links of many kinds, against what tcpdump wrote of them at the same
/// time.
@Privileged
@RequiresTool({"tcpdump", "ethtool"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinksAgainstTcpdumpIT {
    private static final byte[] LAST_DATA = bytes(SideBySide.LAST);
    private static final String LAST_PACKET = ipv4(17, 0, "1234 0035 0019 0000" + SideBySide.LAST);

    /// To everyone: a macvlan device gets such frames a little later than others, in their order.
    private static final byte[] LAST_FRAME = bytes("ffffffffffff 020000000001 0800", LAST_PACKET);

    /// What an Ethernet frame of MTU 1500 has at most.
    private static final int FRAME_BYTES = 1514;

    private CaptureLab lab;
    private int captures;
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

    /// libpcap leaves outgoing packets out here, as the sensor does.
    @Test
    void loopback() throws Exception { // R13
        SideBySide captured =
                capture(
                        "lo",
                        Map.of("filter", "udp"),
                        List.of("udp"),
                        here -> sendDatagrams("127.0.0.1", 0, 1, 1400, 9000, 65_000));

        captured.assertEqual();
        assertThat(captured.ours()).hasSize(6);
    }

    @Test
    void allInterfacesAtOnce() throws Exception { // R19
        SideBySide captured =
                capture(
                        "any",
                        Map.of("filter", "not net 127.0.0.0/8"),
                        List.of("-y", "LINUX_SLL2", "not net 127.0.0.0/8"),
                        here -> {
                            here.send(FrameKinds.every(20));
                            here.send(List.of(LAST_FRAME));
                        });

        SideBySide.assertEqual(
                captured.topic().stream().map(Cooked::withoutRestoredTag).toList(),
                captured.theirs().stream().map(Cooked::withoutLeftovers).toList());
    }

    @Test
    void tunWithoutLinkHeader() throws Exception {
        lab.run(
                here -> {
                    try (TunDevice tun = new TunDevice("tun0")) {
                        here.namespace.run("ip address add 10.8.0.1/24 dev tun0");
                        here.namespace.run("ip link set tun0 up");
                        SideBySide captured =
                                SideBySide.capture(
                                        here,
                                        folder,
                                        "tun0",
                                        c -> c.set("interfaces", List.of("tun0")),
                                        List.of("-i", "tun0"),
                                        inside -> {
                                            tun.receive(bytes(ipv4(17, 0, UDP)));
                                            tun.receive(bytes(ipv6(17, UDP)));
                                            sendDatagrams("10.8.0.2", 0, 1, 1400, 9000);
                                        });

                        captured.assertEqual();
                        assertThat(captured.ours())
                                .extracting(FilePacket::linkType)
                                .containsOnly(LinkType.RAW);
                        assertThat(captured.ours()).hasSizeGreaterThanOrEqualTo(2 + 3 + 7 + 1);
                    }
                });
    }

    /// Frames come in on one port, go up to the bridge and out of the other port.
    @ParameterizedTest
    @ValueSource(strings = {"port0", "br0", "port1"})
    void bridgeAndItsPorts(String captured) throws Exception {
        // The frames' IP checksums are 0, which netfilter minds, where it is told of bridges.
        lab.namespace.run("sysctl -qe -w net.bridge.bridge-nf-call-iptables=0");
        lab.namespace.run("sysctl -qe -w net.bridge.bridge-nf-call-ip6tables=0");
        lab.addPair("host0", "port0");
        lab.addPair("host1", "port1");
        lab.namespace.run("ip link add br0 mtu 9000 type bridge mcast_snooping 0");
        for (String port : List.of("port0", "port1")) {
            lab.namespace.run("ip link set " + port + " master br0");
        }
        lab.namespace.run("ip link set br0 up");
        try {
            capture(captured, Map.of(), List.of(), here -> sendKinds("host0")).assertEqual();
        } finally {
            for (String link : List.of("br0", "host0", "host1")) {
                lab.namespace.run("ip link delete " + link);
            }
        }
    }

    @Test
    void macvlan() throws Exception {
        lab.namespace.run("ip link add link a1 name mv0 type macvlan mode passthru");
        lab.namespace.run("ip link set mv0 up");
        try {
            capture("mv0", Map.of(), List.of(), here -> sendKinds("a0")).assertEqualInAnyOrder();
        } finally {
            lab.namespace.run("ip link delete mv0");
        }
    }

    /// The datagrams on the pair that carries them, and the frames on the VXLAN device.
    @ParameterizedTest
    @ValueSource(strings = {"b0", "vx0"})
    void vxlan(String captured) throws Exception {
        try (NetworkNamespace peer = NetworkNamespace.create();
                TcpPeers _ =
                        TcpPeers.connect(lab.namespace, peer, "10.9.0.1", "10.9.0.2", 65_536)) {
            tunnel(lab.namespace, "vx0", "b0", "10.9.0.1", "10.9.0.2");
            tunnel(peer, "vx1", "b1", "10.9.0.2", "10.9.0.1");

            SideBySide both =
                    capture(
                            captured,
                            Map.of(),
                            List.of(),
                            here ->
                                    InNamespace.call(
                                            peer,
                                            () -> {
                                                sendKinds("vx1");
                                                return null;
                                            }));

            both.assertEqual();
            String inner = HexFormat.of().formatHex(LAST_FRAME);
            String last = both.ours().getLast().data();
            if (captured.equals("vx0")) {
                assertThat(last).isEqualTo(inner);
            } else {
                // RFC 7348: flags and the network's identifier.
                assertThat(last).endsWith("0800000000002a00" + inner);
            }
        }
    }

    private static void tunnel(
            NetworkNamespace namespace, String name, String via, String local, String remote) {
        namespace.run(
                "ip link add %s type vxlan id 42 dev %s local %s remote %s dstport 4789"
                        .formatted(name, via, local, remote));
        // The outer headers leave 50 bytes less; the frames of every kind are of 9000.
        namespace.run("ip link set %s mtu 9050".formatted(via));
        namespace.run("ip link set %s mtu 9000".formatted(name));
        namespace.run("ip link set %s up".formatted(name));
    }

    /// TCP between two namespaces. Segmentation offload leaves segments whole to the tap, where the
    /// kernel's own segmentation (GSO alone) comes before it; receive offload (GRO) puts them
    /// together before the tap of the receiver.
    @ParameterizedTest
    @CsvSource({
        "on, on, off, sends, false, true",
        "on, on, off, sends, true, true",
        "off, on, off, sends, false, false",
        "off, off, on, receives, false, true",
        "off, off, off, receives, false, false"
    })
    void tcp(
            String tso,
            String gso,
            String gro,
            String direction,
            boolean immediate,
            boolean superFrames)
            throws Exception { // R12
        byte[] data = new byte[2_000_000];
        new SplittableRandom(1).nextBytes(data);
        try (NetworkNamespace peer = NetworkNamespace.create();
                TcpPeers tcp =
                        TcpPeers.connect(lab.namespace, peer, "10.9.0.1", "10.9.0.2", 65_536)) {
            for (String feature : List.of("tso " + tso, "gso " + gso, "gro " + gro)) {
                lab.namespace.run("ethtool -K b0 " + feature);
                peer.run("ethtool -K b1 " + feature);
            }

            SideBySide captured =
                    capture(
                            "b0",
                            Map.of("immediate", immediate),
                            List.of(),
                            here -> {
                                if (direction.equals("sends")) {
                                    tcp.send(data);
                                } else {
                                    tcp.receive(data);
                                }
                                CaptureLab.send("b0", List.of(LAST_FRAME));
                            });

            captured.assertEqualButForTimesOfTheRing();
            assertThat(captured.topic().stream().anyMatch(LinksAgainstTcpdumpIT::isLong))
                    .isEqualTo(superFrames);
            assertThat(captured.topic())
                    .filteredOn(LinksAgainstTcpdumpIT::isLong)
                    .allSatisfy(
                            packet -> {
                                assertThat(packet.flags() & PacketFlags.GSO).isNotZero();
                                assertThat(packet.flags() & PacketFlags.CUT).isZero();
                            });
        }
    }

    private static boolean isLong(TopicPacket packet) {
        return packet.captured().originalLength() > FRAME_BYTES;
    }

    /// Captures an interface, each time as another sensor.
    private SideBySide capture(
            String interfaceName,
            Map<String, Object> settings,
            List<String> arguments,
            CaptureLab.Body traffic)
            throws Exception {
        List<String> tcpdump = new ArrayList<>(List.of("-i", interfaceName));
        tcpdump.addAll(arguments);
        List<SideBySide> captured = new ArrayList<>();
        lab.run(
                here ->
                        captured.add(
                                SideBySide.capture(
                                        here,
                                        folder,
                                        interfaceName + "-" + ++captures,
                                        config -> {
                                            config.set("interfaces", List.of(interfaceName));
                                            settings.forEach(config::set);
                                        },
                                        tcpdump,
                                        traffic)));
        return captured.getFirst();
    }

    private static void sendKinds(String interfaceName) {
        CaptureLab.send(interfaceName, FrameKinds.every(20));
        CaptureLab.send(interfaceName, List.of(LAST_FRAME));
    }

    /// Sends datagrams of these lengths, and the last.
    private static void sendDatagrams(String address, int... lengths) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress to = InetAddress.getByName(address);
            for (int length : lengths) {
                byte[] data = new byte[length];
                random.nextBytes(data);
                socket.send(new DatagramPacket(data, length, to, 9));
            }
            socket.send(new DatagramPacket(LAST_DATA, LAST_DATA.length, to, 9));
        }
    }
}
