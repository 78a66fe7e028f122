package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.MACS;
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
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Expected frames were made by hand, their checksums by another program.
class TcpSegmenterTest {
    private static final String TCP_HEADER = "1234 01bb 00000001 00000002 5018 ffff 0000 0000";

    /// "Ring", "tail".
    private static final String PAYLOAD = "52696e67 7461696c";

    private static final String RING6 = "123401bb00000001000000025010ffffe1090000" + "52696e67";

    private static final String TAIL6 = "123401bb00000005000000025018ffffc4000000" + "7461696c";

    @Test
    void cutsIpv4WithOptionsBehindTwoVlanTags() {
        String link = MACS + "88a8 0064 8100 2007 0800";
        String ip = "4600 %s %s 4000 4006 %s 0a000001 0a000002 94040000";
        String tcp = "1234 01bb %s 00000002 60%s ffff %s 0000 02040578";
        // CWR, ACK, PSH and FIN; the identification and the sequence number go over their ends.
        String superFrame =
                ip.formatted("003b", "ffff", "0000")
                        + tcp.formatted("fffffffc", "99", "0000")
                        + "52696e67 7461696c 732121";

        assertThat(segments(24 + 24 + 4, bytes(link, superFrame), LinkType.ETHERNET))
                .containsExactly(
                        hex(
                                link,
                                ip.formatted("0034", "ffff", "91bd"),
                                tcp.formatted("fffffffc", "90", "af0f"),
                                "52696e67"),
                        hex(
                                link,
                                ip.formatted("0034", "0000", "91bd"),
                                tcp.formatted("00000000", "10", "928f"),
                                "7461696c"),
                        hex(
                                link,
                                ip.formatted("0033", "0001", "91bd"),
                                tcp.formatted("00000004", "19", "dc2f"),
                                "732121"));
    }

    @Test
    void cutsIpv6AndKeepsExtensionHeaders() {
        String destinationOptions = "06 00 010400000000";
        byte[] frame = bytes(ipv6(60, destinationOptions, TCP_HEADER, PAYLOAD));

        assertThat(segments(40 + 8 + 20 + 4, frame, LinkType.RAW))
                .containsExactly(
                        hex(ipv6(60, destinationOptions, RING6)),
                        hex(ipv6(60, destinationOptions, TAIL6)));
    }

    @Test
    void leavesOutTheJumboOptionOfBigTcp() {
        String jumbo = "06 00 c204 00000024";
        byte[] frame = bytes(ipv6(0, jumbo, TCP_HEADER, PAYLOAD));
        frame[4] = 0;
        frame[5] = 0;

        assertThat(segments(40 + 20 + 4, frame, LinkType.IPV6))
                .containsExactly(hex(ipv6(6, RING6)), hex(ipv6(6, TAIL6)));
    }

    @Test
    void takesAnIpLengthOfZeroForTheFrames() {
        byte[] frame = bytes(ipv4(6, 0, TCP_HEADER + PAYLOAD));
        List<String> expected = segments(44, frame, LinkType.IPV4);
        frame[2] = 0;
        frame[3] = 0;

        assertThat(segments(44, frame, LinkType.IPV4)).hasSize(2).isEqualTo(expected);
    }

    @Test
    void keepsAnIdentificationOfZeroWhereItMeansNothing() {
        byte[] frame = bytes(ipv4(6, 0x4000, TCP_HEADER + PAYLOAD));
        frame[5] = 0;

        assertThat(segments(44, frame, LinkType.RAW)).allMatch(hex -> hex.startsWith("0000", 8));
    }

    @Test
    void makesOneSegmentOfWhatFits() {
        byte[] frame = bytes(ipv4(6, 0, TCP_HEADER + PAYLOAD));

        assertThat(segments(48, frame, LinkType.RAW))
                .containsExactly(
                        hex("4500 0030 0001 0000 40 06 66c5 0a000001 0a000002")
                                + hex(TCP_HEADER.replace("ffff 0000", "ffff e931"), PAYLOAD));
    }

    @Test
    void dropsPaddingBehindThePacket() {
        byte[] frame = ethernet("0800", ipv4(6, 0, TCP_HEADER + PAYLOAD), "ffff");

        assertThat(segments(44, frame, LinkType.ETHERNET))
                .hasSize(2)
                .allMatch(s -> !s.endsWith("ff"));
    }

    private static Stream<Arguments> others() {
        String whole = ipv4(6, 0, TCP_HEADER + PAYLOAD.repeat(4));
        String routing = "06 02 0001 00000000" + "00".repeat(16);
        return Stream.of(
                arguments(44, bytes(ipv4(17, 0, UDP.repeat(4)))),
                arguments(44, bytes(ipv4(6, 0x2000, TCP_HEADER + PAYLOAD.repeat(4)))),
                arguments(44, Arrays.copyOf(bytes(whole), 71)),
                arguments(44, bytes(ipv4(6, 0, TCP_HEADER.replace("5018", "f018") + PAYLOAD))),
                arguments(44, bytes(ipv4(6, 0, TCP_HEADER.replace("5018", "4018") + PAYLOAD))),
                arguments(44, bytes(ipv4(6, 0, TCP_HEADER))),
                arguments(88, bytes(ipv6(43, routing, TCP_HEADER, PAYLOAD))),
                arguments(68, bytes(ipv6(60, "06 00 010400000000", TCP_HEADER, PAYLOAD))),
                arguments(44, new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("others")
    void leavesWhatItCannotCut(int mtu, byte[] frame) {
        TcpSegmenter segmenter = new TcpSegmenter(mtu);

        assertThat(segmenter.begin(frame, 0, frame.length, LinkType.RAW)).isFalse();
        assertThat(segmenter.next()).isFalse();
    }

    /// The segments of a frame that stands at an odd place of a larger array.
    private static List<String> segments(int mtu, byte[] frame, int linkType) {
        byte[] array = new byte[frame.length + 7];
        System.arraycopy(frame, 0, array, 3, frame.length);
        TcpSegmenter segmenter = new TcpSegmenter(mtu);
        assertThat(segmenter.begin(array, 3, frame.length, linkType)).isTrue();
        List<String> segments = new ArrayList<>();
        while (segmenter.next()) {
            segments.add(HexFormat.of().formatHex(segmenter.array(), 0, segmenter.length()));
        }
        return segments;
    }

    private static String hex(String... parts) {
        return HexFormat.of().formatHex(bytes(parts));
    }
}
