package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ringtail.pcap.LinkType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;

class FrameParserTest {
    private static final String HOP_BY_HOP_TO_UDP = "11 00 050200000100";

    private final FrameParser parser = new FrameParser();

    private void parse(int linkType, byte[] frame) {
        // Stands at an odd place of a larger memory, as a frame in a ring block does.
        byte[] memory = new byte[frame.length + 7];
        System.arraycopy(frame, 0, memory, 3, frame.length);
        parser.parse(MemorySegment.ofArray(memory), 3, frame.length, linkType);
    }

    @Test
    void findsAddressesAndPortsOfUdpOverIpv4() {
        parse(LinkType.ETHERNET, ethernet("0800", ipv4(17, 0x4000, UDP)));

        assertThat(parser.ipVersion()).isEqualTo(4);
        assertThat(parser.protocol()).isEqualTo(17);
        assertThat(parser.sourceAddress4()).isEqualTo(0x0a000001);
        assertThat(parser.destinationAddress4()).isEqualTo(0x0a000002);
        assertThat(parser.hasPorts()).isTrue();
        assertThat(parser.sourcePort()).isEqualTo(0x1234);
        assertThat(parser.destinationPort()).isEqualTo(53);
        assertThat(parser.fragment()).isFalse();
        assertThat(parser.hasMac()).isTrue();
        assertThat(parser.sourceMac()).isEqualTo(0x020000000001L);
        assertThat(parser.destinationMac()).isEqualTo(0x020000000002L);
        assertThat(parser.etherType()).isEqualTo(0x0800);
        assertThat(parser.networkOffset()).isEqualTo(14);
        assertThat(parser.transportOffset()).isEqualTo(34);
    }

    @Test
    void findsAddressesPortsAndFlagsOfTcpOverIpv6() {
        parse(LinkType.ETHERNET, ethernet("86dd", ipv6(6, TCP)));

        assertThat(parser.ipVersion()).isEqualTo(6);
        assertThat(parser.sourceAddressHigh()).isEqualTo(0xfd00_0000_0000_0000L);
        assertThat(parser.sourceAddressLow()).isEqualTo(1);
        assertThat(parser.destinationAddressHigh()).isEqualTo(0xfd00_0000_0000_0000L);
        assertThat(parser.destinationAddressLow()).isEqualTo(2);
        assertThat(parser.sourcePort()).isEqualTo(0x1234);
        assertThat(parser.destinationPort()).isEqualTo(443);
        assertThat(parser.tcpFlags()).isEqualTo(0x12);
        assertThat(parser.transportOffset()).isEqualTo(54);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 17, 33, 132, 136})
    void readsPortsOfEveryProtocolThatHasThem(int protocol) {
        parse(LinkType.RAW, bytes(ipv4(protocol, 0, "1234 0035")));

        assertThat(parser.hasPorts()).isTrue();
        assertThat(parser.destinationPort()).isEqualTo(53);
    }

    @Test
    void leavesPortsOutWhereTheyWereCutOff() {
        parse(LinkType.RAW, bytes(ipv4(17, 0, "1234 00")));

        assertThat(parser.protocol()).isEqualTo(17);
        assertThat(parser.hasPorts()).isFalse();
        assertThat(parser.sourcePort()).isEqualTo(-1);
        assertThat(parser.transportOffset()).isEqualTo(20);
    }

    @Test
    void honoursTheLengthOfTheIpv4Header() {
        String options = "4600 0020 0001 0000 40 11 0000 0a000001 0a000002 94040000" + UDP;

        parse(LinkType.RAW, bytes(options));

        assertThat(parser.transportOffset()).isEqualTo(24);
        assertThat(parser.destinationPort()).isEqualTo(53);
    }

    @Test
    void keepsAddressesOfAnIpv4HeaderThatClaimsToBeTooShort() {
        parse(LinkType.RAW, bytes("4400", ipv4(17, 0, UDP).substring(4)));

        assertThat(parser.ipVersion()).isEqualTo(4);
        assertThat(parser.sourceAddress4()).isEqualTo(0x0a000001);
        assertThat(parser.transportOffset()).isEqualTo(-1);
        assertThat(parser.hasPorts()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0x2000,true,true", "0x2001,true,false", "0x00b9,true,false", "0xc000,false,false"})
    void tellsFragmentsOfIpv4(int flagsAndOffset, boolean fragment, boolean first) {
        parse(LinkType.RAW, bytes(ipv4(17, flagsAndOffset, UDP)));

        assertThat(parser.fragment()).isEqualTo(fragment);
        assertThat(parser.firstFragment()).isEqualTo(first);
        assertThat(parser.hasPorts()).isEqualTo(!fragment);
        assertThat(parser.transportOffset()).isEqualTo(fragment && !first ? -1 : 20);
    }

    @ParameterizedTest
    @CsvSource({"0001,true,true", "0008,true,false", "05a9,true,false", "0000,false,false"})
    void tellsFragmentsOfIpv6(String offsetAndMore, boolean fragment, boolean first) {
        parse(LinkType.RAW, bytes(ipv6(44, "11 00" + offsetAndMore + "00000007" + UDP)));

        assertThat(parser.fragment()).isEqualTo(fragment);
        assertThat(parser.firstFragment()).isEqualTo(first);
        assertThat(parser.protocol()).isEqualTo(17);
        assertThat(parser.hasPorts()).isEqualTo(!fragment);
        assertThat(parser.transportOffset()).isEqualTo(fragment && !first ? -1 : 48);
    }

    @Test
    void showsTheSameProtocolInAllFragmentsOfAPacket() {
        parse(LinkType.RAW, bytes(ipv6(44, "3c 00 0001 00000007", "11 00 010400000000", UDP)));
        int first = parser.protocol();
        parse(LinkType.RAW, bytes(ipv6(44, "3c 00 0010 00000007", "ffffffffffffffff")));

        assertThat(parser.protocol()).isEqualTo(first).isEqualTo(60);
    }

    @Test
    void walksExtensionHeaders() {
        String hopByHop = "2b 00 050200000100";
        String routing = "33 02 0000 00000000" + "fd000000000000000000000000000003";
        String authentication = "3c 04 0000 00000001 00000001" + "00".repeat(12);
        String destinationOptions = "11 01 010c" + "00".repeat(12);

        parse(
                LinkType.RAW,
                bytes(ipv6(0, hopByHop, routing, authentication, destinationOptions, UDP)));

        assertThat(parser.protocol()).isEqualTo(17);
        assertThat(parser.transportOffset()).isEqualTo(40 + 8 + 24 + 24 + 16);
        assertThat(parser.destinationPort()).isEqualTo(53);
    }

    @Test
    void stopsAtAnExtensionHeaderThatWasCutOff() {
        parse(LinkType.RAW, bytes(ipv6(0, "11 00 0502")));

        assertThat(parser.ipVersion()).isEqualTo(6);
        assertThat(parser.protocol()).isZero();
        assertThat(parser.transportOffset()).isEqualTo(-1);
    }

    @Test
    void boundsTheWalkOverExtensionHeaders() {
        parse(
                LinkType.RAW,
                bytes(ipv6(60, "3c 00 010400000000".repeat(9), HOP_BY_HOP_TO_UDP, UDP)));

        assertThat(parser.protocol()).isEqualTo(60);
        assertThat(parser.hasPorts()).isFalse();
        assertThat(parser.transportOffset()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8100 2064",
                "8100 0000",
                "88a8 0064 8100 00c8",
                "9100 0064 8100 00c8",
                "9200 0001 9200 0002 8100 0003"
            })
    void looksBehindVlanTags(String tags) {
        parse(LinkType.ETHERNET, ethernet(tags, "0800", ipv4(17, 0, UDP)));

        assertThat(parser.etherType()).isEqualTo(0x0800);
        assertThat(parser.destinationPort()).isEqualTo(53);
        assertThat(parser.networkOffset()).isEqualTo(14 + tags.replace(" ", "").length() / 2);
    }

    @Test
    void takesATagThatWasCutOffForTheType() {
        parse(LinkType.ETHERNET, ethernet("8100 0064 08"));

        assertThat(parser.etherType()).isEqualTo(0x8100);
        assertThat(parser.ipVersion()).isZero();
    }

    @Test
    void boundsTheNumberOfVlanTags() {
        parse(LinkType.ETHERNET, ethernet("8100 0001".repeat(9), "0800", ipv4(17, 0, UDP)));

        assertThat(parser.etherType()).isEqualTo(0x8100);
        assertThat(parser.ipVersion()).isZero();
    }

    @Test
    void tellsMacAddressesAndTypeOfNonIpFrames() {
        parse(LinkType.ETHERNET, ethernet("0806 0001 0800 0604 0001"));

        assertThat(parser.ipVersion()).isZero();
        assertThat(parser.protocol()).isEqualTo(-1);
        assertThat(parser.hasMac()).isTrue();
        assertThat(parser.etherType()).isEqualTo(0x0806);
    }

    @Test
    void tellsNothingOfARunt() {
        parse(LinkType.ETHERNET, bytes("02000000000202000000"));

        assertThat(parser.hasMac()).isFalse();
        assertThat(parser.etherType()).isEqualTo(-1);
        assertThat(parser.ipVersion()).isZero();
    }

    @Test
    void wantsBothAddressesWhole() {
        parse(LinkType.RAW, bytes(ipv4(17, 0, "")));
        assertThat(parser.ipVersion()).isEqualTo(4);

        byte[] cut = Arrays.copyOf(bytes(ipv4(17, 0, "")), 19);
        parse(LinkType.RAW, cut);
        assertThat(parser.ipVersion()).isZero();
        assertThat(parser.networkOffset()).isEqualTo(-1);
    }

    @Test
    void wantsTheIpVersionThatTheTypeFieldTells() {
        parse(LinkType.ETHERNET, ethernet("0800", ipv6(17, UDP)));

        assertThat(parser.ipVersion()).isZero();
    }

    @Test
    void readsIcmpAndIcmpv6InTheirOwnIpVersionOnly() {
        parse(LinkType.RAW, bytes(ipv4(1, 0, "0304 0000")));
        assertThat(parser.icmpType()).isEqualTo(3);
        assertThat(parser.icmpCode()).isEqualTo(4);

        parse(LinkType.RAW, bytes(ipv6(58, "8100 0000")));
        assertThat(parser.icmpType()).isEqualTo(129);
        assertThat(parser.icmpCode()).isZero();

        parse(LinkType.RAW, bytes(ipv6(1, "8100 0000")));
        assertThat(parser.icmpType()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "0,02000000",
        "0,00000002",
        "108,00000002",
        "113,0000000100060200000000010000 0800",
        "276,0800000000000002000100060200000000010000",
        "9,ff030021",
        "9,0021",
        "9,21",
        "9,ff0321",
        "101,''",
        "228,''"
    })
    void findsIpv4BehindEveryLinkHeader(int linkType, String header) {
        parse(linkType, bytes(header, ipv4(17, 0, UDP)));

        assertThat(parser.ipVersion()).isEqualTo(4);
        assertThat(parser.destinationPort()).isEqualTo(53);
        assertThat(parser.hasMac()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0a000000",
        "0,0000000a",
        "0,18000000",
        "0,1c000000",
        "0,1e000000",
        "108,0000001e",
        "113,0000000100060200000000010000 86dd",
        "113,0000000100060200000000010000 8100 0064 86dd",
        "276,8100000000000002000100060200000000010000 0064 86dd",
        "276,88a8000000000002000100060200000000010000 0064 8100 0007 86dd",
        "276,86dd000000000002000100060200000000010000",
        "9,ff030057",
        "101,''",
        "229,''"
    })
    void findsIpv6BehindEveryLinkHeader(int linkType, String header) {
        parse(linkType, bytes(header, ipv6(17, UDP)));

        assertThat(parser.ipVersion()).isEqualTo(6);
        assertThat(parser.destinationPort()).isEqualTo(53);
    }

    @Test
    void tellsNothingOfLinkTypesThatItDoesNotKnow() {
        parse(LinkType.IEEE802_11, bytes(ipv4(17, 0, UDP)));

        assertThat(parser.ipVersion()).isZero();
        assertThat(parser.hasMac()).isFalse();
    }

    @ParameterizedTest(name = "{0} header bytes")
    @MethodSource
    void tellsWhereTheHeadersEnd(int expected, int linkType, byte[] frame) {
        parse(linkType, frame);

        assertThat(parser.headersLength()).isEqualTo(expected);
    }

    private static Stream<Arguments> tellsWhereTheHeadersEnd() {
        String payload = "00".repeat(40);
        String tcpWithOptions = "1234 01bb 00000001 00000002 8012 ffff 0000 0000" + payload;
        String routing = "06 02 0000 00000000 fd000000000000000000000000000003";
        String arp = "0806 0001 0800 0604 0001" + "020000000001 0a000001 000000000000 0a000002";
        return Stream.of(
                arguments(14 + 20 + 20, 1, ethernet("0800", ipv4(6, 0, TCP), payload)),
                arguments(14 + 20 + 32, 1, ethernet("0800", ipv4(6, 0, tcpWithOptions))),
                arguments(22 + 20 + 8, 1, ethernet("88a8 0001 8100 0002 0800", ipv4(17, 0, UDP))),
                arguments(24 + 8, 101, bytes("4600", ipv4(17, 0, "94040000" + UDP).substring(4))),
                arguments(40 + 8, 101, bytes(ipv6(58, "8000 0000 0001 0001", payload))),
                arguments(20 + 8, 101, bytes(ipv4(1, 0, "0304 0000 00000000" + payload))),
                arguments(20 + 8, 101, bytes(ipv4(136, 0, UDP + payload))),
                arguments(20 + 12, 101, bytes(ipv4(132, 0, "1234 0035" + payload))),
                arguments(20 + 12, 101, bytes(ipv4(33, 0, "1234 0035" + payload))),
                arguments(20, 101, bytes(ipv4(47, 0, payload))),
                arguments(40 + 24 + 20, 101, bytes(ipv6(43, routing, TCP, payload))),
                arguments(40 + 8 + 8, 101, bytes(ipv6(44, "11 00 0001 00000007", UDP))),
                arguments(40 + 8, 101, bytes(ipv6(44, "11 00 0008 00000007", UDP))),
                arguments(20 + 8, 101, bytes(ipv4(17, 0x2000, UDP))),
                arguments(20, 101, bytes(ipv4(17, 0x2001, UDP))),
                arguments(4 + 20 + 8, 0, bytes("02000000", ipv4(17, 0, UDP))),
                arguments(1 + 20 + 8, 9, bytes("21", ipv4(17, 0, UDP))),
                arguments(14 + 28, 1, ethernet(arp, "00".repeat(18))),
                arguments(18, 1, ethernet("8100 0001 8864", payload)),
                arguments(14, 1, ethernet("0026 424203", payload)),
                arguments(0, LinkType.NETLINK, bytes(payload)));
    }

    @Test
    void countsHeadersNoFurtherThanTheyWereCaptured() {
        byte[] frame = ethernet("0800", ipv4(6, 0, TCP));
        for (int length = 0; length <= frame.length; length++) {
            parse(LinkType.ETHERNET, Arrays.copyOf(frame, length));

            assertThat(parser.headersLength()).isEqualTo(length);
        }
    }

    @Test
    void takesImpossibleHeaderLengthsForTheShortestOnes() {
        String tcp = TCP.replace("5012", "1012");

        parse(LinkType.RAW, bytes(ipv4(6, 0, tcp), "00".repeat(40)));
        assertThat(parser.headersLength()).isEqualTo(40);

        parse(LinkType.RAW, bytes("4400", ipv4(17, 0, UDP).substring(4)));
        assertThat(parser.headersLength()).isEqualTo(20);
    }

    @Test
    void forgetsTheFrameBefore() {
        parse(LinkType.ETHERNET, ethernet("86dd", ipv6(6, TCP)));
        parse(LinkType.ETHERNET, new byte[0]);

        assertThat(parser)
                .usingRecursiveComparison()
                .ignoringFields(
                        "sourceAddress4",
                        "destinationAddress4",
                        "sourceAddressHigh",
                        "sourceAddressLow",
                        "destinationAddressHigh",
                        "destinationAddressLow",
                        "sourceMac",
                        "destinationMac")
                .isEqualTo(parsedNothing());
    }

    private static FrameParser parsedNothing() {
        FrameParser nothing = new FrameParser();
        nothing.parse(MemorySegment.NULL, 0, 0, LinkType.ETHERNET);
        return nothing;
    }
}
