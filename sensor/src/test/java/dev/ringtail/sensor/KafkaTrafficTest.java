package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.testing.Frames;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which frames count as own, with the port of a connection that a Kafka client made. Runs with the
/// provider installed by the build's JVM arguments.
class KafkaTrafficTest {
    private static final String LOCAL = "7f000001";
    private static final String OTHER = "c0000201";
    private static final String TCP_REST = "00000001 00000002 5018 ffff 0000 0000";

    private static OwnTrafficMatcher matcher;
    private static String ownPort;

    @BeforeAll
    static void connectAKafkaClient() throws Exception {
        matcher = KafkaTraffic.matcher();
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                Admin client =
                        Admin.create(
                                Map.of(
                                        "bootstrap.servers",
                                        "127.0.0.1:" + broker.getLocalPort()))) {
            try (Socket connection = broker.accept()) {
                ownPort = "%04x".formatted(connection.getPort());
            }
            client.close(Duration.ZERO);
        }
    }

    @Test
    void bothDirectionsAreOwn() {
        assertThat(isOwn("0800", tcp(LOCAL, ownPort, OTHER, "2384"))).isTrue();
        assertThat(isOwn("0800", tcp(OTHER, "2384", LOCAL, ownPort))).isTrue();
    }

    @Test
    void ownBehindVlanTagsAndWithoutLinkHeader() {
        String packet = tcp(LOCAL, ownPort, OTHER, "2384");

        assertThat(isOwn("8100 0064 0800", packet)).isTrue();
        assertThat(isOwn("88a8 0064 8100 0065 0800", packet)).isTrue();
        byte[] cooked = Frames.bytes("0800 0000 00000001 0001 00 06 0200000000010000", packet);
        assertThat(isOwn(matcher, LinkType.LINUX_SLL2, cooked)).isTrue();
    }

    @Test
    void ownOverIpv6() {
        String loopback = "00000000000000000000000000000001";
        String other = "20010db8000000000000000000000001";
        String ports = ownPort + "2384";

        assertThat(isOwn("86dd", "60000000 0014 06 40", loopback, other, ports, TCP_REST)).isTrue();
        assertThat(isOwn("86dd", "60000000 0014 06 40", other, other, ports, TCP_REST)).isFalse();
    }

    @Test
    void thePortAloneOrTheAddressAloneIsNotOwn() {
        assertThat(isOwn("0800", tcp(OTHER, ownPort, OTHER, "2384"))).isFalse();
        assertThat(isOwn("0800", tcp(OTHER, ownPort, LOCAL, "2384"))).isFalse();
        assertThat(isOwn("0800", tcp(LOCAL, "2384", OTHER, ownPort))).isFalse();
    }

    @Test
    void theBrokersPortIsNothing() {
        assertThat(isOwn("0800", tcp(LOCAL, "0001", OTHER, "2384"))).isFalse();
        assertThat(isOwn("0800", tcp(OTHER, "0001", LOCAL, "2384"))).isFalse();
    }

    @Test
    void anotherProtocolAFragmentAndAnErrorThatQuotesAreNotOwn() {
        String own = tcp(LOCAL, ownPort, OTHER, "2384");
        String udp = ip(17, 0, LOCAL, OTHER, ownPort + "2384 0008 0000");
        String fragment = ip(6, 0x0001, LOCAL, OTHER, ownPort + "2384" + TCP_REST);
        String error = ip(1, 0, OTHER, LOCAL, "0304 0000 0000 0514" + own);

        assertThat(isOwn("0800", udp)).isFalse();
        assertThat(isOwn("0800", fragment)).isFalse();
        assertThat(isOwn("0800", error)).isFalse();
    }

    @Test
    void whatATunnelCarriesIsNotOwn() {
        String own = tcp(LOCAL, ownPort, OTHER, "2384");
        String vxlan = "0001 12b5 0000 0000 08000000 00000700" + Frames.MACS + "0800" + own;

        assertThat(isOwn("0800", ip(4, 0, OTHER, OTHER, own))).isFalse();
        assertThat(isOwn("0800", ip(17, 0, OTHER, OTHER, vxlan))).isFalse();
    }

    @Test
    void theLoopbackAddressesOfAnotherNamespaceAreNotOwn() {
        OwnTrafficMatcher there = KafkaTraffic.matcher("another");
        byte[] frame = Frames.ethernet("0800", tcp(LOCAL, "2384", LOCAL, ownPort));

        assertThat(isOwn(matcher, LinkType.ETHERNET, frame)).isTrue();
        assertThat(isOwn(there, LinkType.ETHERNET, frame)).isFalse();
    }

    @Test
    void addressesAndPortsTellTheSameAsTheFrame() {
        OwnTrafficMatcher there = KafkaTraffic.matcher("another");
        List<String> addresses = List.of(LOCAL, "7f000102", OTHER, "80000001");
        List<String> ports = List.of(ownPort, "2384", "0001");
        Set<Boolean> found = new HashSet<>();
        for (String source : addresses) {
            for (String destination : addresses) {
                for (String sourcePort : ports) {
                    for (String destinationPort : ports) {
                        byte[] frame =
                                Frames.ethernet(
                                        "0800",
                                        tcp(source, sourcePort, destination, destinationPort));
                        for (OwnTrafficMatcher by : List.of(matcher, there)) {
                            boolean own = isOwn(by, LinkType.ETHERNET, frame);
                            found.add(own);
                            assertThat(
                                            by.matches4(
                                                    number(source),
                                                    number(destination),
                                                    number(sourcePort),
                                                    number(destinationPort)))
                                    .as(
                                            "%s:%s to %s:%s",
                                            source, sourcePort, destination, destinationPort)
                                    .isEqualTo(own);
                        }
                    }
                }
            }
        }
        assertThat(found).containsExactlyInAnyOrder(true, false);
    }

    private static int number(String hex) {
        return Integer.parseUnsignedInt(hex, 16);
    }

    private static boolean isOwn(String... hex) {
        return isOwn(matcher, LinkType.ETHERNET, Frames.ethernet(hex));
    }

    private static boolean isOwn(OwnTrafficMatcher by, int linkType, byte[] bytes) {
        FrameParser frame = new FrameParser();
        frame.parse(MemorySegment.ofArray(bytes), 0, bytes.length, linkType);
        return by.matches(frame);
    }

    private static String tcp(
            String source, String sourcePort, String destination, String destinationPort) {
        return ip(6, 0, source, destination, sourcePort + destinationPort + TCP_REST);
    }

    private static String ip(
            int protocol, int flagsAndOffset, String source, String destination, String payload) {
        int length = 20 + Frames.bytes(payload).length;
        return "4500 %04x 0001 %04x 40 %02x 0000".formatted(length, flagsAndOffset, protocol)
                + source
                + destination
                + payload;
    }
}
