package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.frame.FrameParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;

/// Against the vectors that the specification's reference implementation is tested with.
///
/// @see <a href="https://github.com/corelight/pycommunityid">pycommunityid, tests</a>
class CommunityIdTest {
    @ParameterizedTest
    @CsvSource({
        "128.232.110.120, 34855, 66.35.250.204, 80, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "66.35.250.204, 80, 128.232.110.120, 34855, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "10.0.0.1, 10, 10.0.0.2, 11569, 1:SXBGMX1lBOwhhoDrZynfROxnhnM=",
        "2001:470:e5bf:dead:4957:2174:e82c:4887, 63943, 2607:f8b0:400c:c03::1a, 25,"
                + " 1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
    })
    void namesTcpFlows(
            String source, int sourcePort, String destination, int destinationPort, String id) {
        byte[] frame = Frames.tcp(source, sourcePort, destination, destinationPort, 0, 0);

        assertThat(communityId(frame)).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.52, 54585, 8.8.8.8, 53, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "8.8.8.8, 53, 192.168.1.52, 54585, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
    })
    void namesUdpFlows(
            String source, int sourcePort, String destination, int destinationPort, String id) {
        byte[] frame = Frames.udp(source, sourcePort, destination, destinationPort, 0);

        assertThat(communityId(frame)).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.170.8, 7, 192.168.170.56, 80, 1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "192.168.170.56, 80, 192.168.170.8, 7, 1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "192.168.170.8, 7, 192.168.170.56, 7, 1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=",
    })
    void namesSctpFlows(
            String source, int sourcePort, String destination, int destinationPort, String id) {
        byte[] frame = Frames.sctp(source, sourcePort, destination, destinationPort);

        assertThat(communityId(frame)).isEqualTo(id);
    }

    /// Echo and its reply are one flow, whatever the reply's code; one-way types (20, and 3 of
    /// ICMPv6) keep their code and their direction.
    @ParameterizedTest
    @CsvSource({
        "192.168.0.89, 192.168.0.1, 8, 0, 1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "192.168.0.1, 192.168.0.89, 0, 8, 1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "192.168.0.1, 192.168.0.89, 0, 20, 1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "192.168.0.89, 192.168.0.1, 20, 0, 1:3o2RFccXzUgjl7zDpqmY7yJi8rI=",
        "192.168.0.89, 192.168.0.1, 20, 1, 1:tz/fHIDUHs19NkixVVoOZywde+I=",
        "fe80::200:86ff:fe05:80da, fe80::260:97ff:fe07:69ea, 135, 0,"
                + " 1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        "fe80::260:97ff:fe07:69ea, fe80::200:86ff:fe05:80da, 136, 0,"
                + " 1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        "fe80::260:97ff:fe07:69ea, ff02::1, 134, 0, 1:pkvHqCL88/tg1k4cPigmZXUtL00=",
        "3ffe:507:0:1:260:97ff:fe07:69ea, 3ffe:507:0:1:200:86ff:fe05:80da, 3, 0,"
                + " 1:NdobDX8PQNJbAyfkWxhtL2Pqp5w=",
        "3ffe:507:0:1:200:86ff:fe05:80da, 3ffe:507:0:1:260:97ff:fe07:69ea, 3, 0,"
                + " 1:/OGBt9BN1ofenrmSPWYicpij2Vc=",
    })
    void namesIcmpFlowsByMappedTypes(
            String source, String destination, int type, int code, String id) {
        byte[] frame = Frames.icmp(source, destination, type, code);

        assertThat(communityId(frame)).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.24.4, 10.1.12.1, 46, 1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=",
        "10.1.12.1, 10.1.24.4, 46, 1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=",
    })
    void namesFlowsOfOtherProtocolsByAddresses(
            String source, String destination, int protocol, String id) {
        byte[] frame = Frames.ip(source, destination, protocol, new byte[8]);

        assertThat(communityId(frame)).isEqualTo(id);
    }

    @Test
    void leavesPortsOfAFragmentOut() {
        FlowKey first = key(Frames.fragment("10.0.0.1", "10.0.0.2", 17, 0x2000, new byte[16]));
        FlowKey later = key(Frames.fragment("10.0.0.2", "10.0.0.1", 17, 2, new byte[8]));

        assertThat(first).isEqualTo(later);
        assertThat(first.is(FlowKey.FRAGMENTS)).isTrue();
        assertThat(first.is(FlowKey.PORTS)).isFalse();
    }

    private static String communityId(byte[] frame) {
        return new CommunityId().of(key(frame));
    }

    static FlowKey key(byte[] frame) {
        FrameParser parser = new FrameParser();
        parser.parse(MemorySegment.ofArray(frame), 0, frame.length, LinkType.ETHERNET);
        PacketFlow flow = new PacketFlow();
        assertThat(flow.read(parser, LinkType.ETHERNET)).isTrue();
        assertThat(flow.is(flow.key())).isTrue();
        assertThat(flow.hash()).isEqualTo(flow.key().hashCode());
        return flow.key();
    }
}
