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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.stream.Stream;

class PartialChecksumTest {
    private static final String PARTIAL_UDP = UDP.replace("0010 0000", "0010 1424");

    private final PartialChecksum checksum = new PartialChecksum();

    private static Stream<Arguments> partial() {
        String tcp = TCP.replace("ffff 0000", "ffff fa1e");
        return Stream.of(
                arguments(
                        ethernet("8100 0005 0800", ipv4(17, 0x4000, PARTIAL_UDP)),
                        ethernet("8100 0005 0800", ipv4(17, 0x4000, UDP.replace("0000", "c94e")))),
                // Padding is not of the packet.
                arguments(
                        ethernet("0800", ipv4(17, 0, PARTIAL_UDP), "ffffff"),
                        ethernet("0800", ipv4(17, 0, UDP.replace("0000", "c94e")), "ffffff")),
                arguments(
                        ethernet("86dd", ipv6(6, tcp)),
                        ethernet("86dd", ipv6(6, tcp.replace("fa1e", "a1dc")))),
                arguments(
                        ethernet("86dd", ipv6(0, "06 00 010400000000", tcp)),
                        ethernet(
                                "86dd",
                                ipv6(0, "06 00 010400000000", tcp.replace("fa1e", "a1dc")))),
                // A sum of 0 would say that there is none.
                arguments(
                        ethernet("0800", ipv4(17, 0, "1234 0035 000a 141e d96e")),
                        ethernet("0800", ipv4(17, 0, "1234 0035 000a ffff d96e"))));
    }

    @ParameterizedTest
    @MethodSource("partial")
    void completesThePseudoHeadersSum(byte[] frame, byte[] expected) {
        byte[] array = new byte[frame.length + 5];
        System.arraycopy(frame, 0, array, 3, frame.length);

        assertThat(checksum.complete(array, 3, frame.length, LinkType.ETHERNET)).isTrue();
        assertThat(Arrays.copyOfRange(array, 3, 3 + frame.length)).isEqualTo(expected);
        assertThat(checksum.complete(array, 3, frame.length, LinkType.ETHERNET)).isFalse();
    }

    private static Stream<byte[]> others() {
        String routing = "11 02 0001 00000000 fd000000000000000000000000000003";
        return Stream.of(
                ethernet("0800", ipv4(17, 0, UDP)),
                ethernet("0800", ipv4(17, 0x2000, PARTIAL_UDP)),
                ethernet("0800", ipv4(17, 0, "1234 0035 0010 141b")),
                ethernet("0800", ipv4(1, 0, "0800 1424 0001 0001")),
                Arrays.copyOf(ethernet("0800", ipv4(17, 0, PARTIAL_UDP)), 49),
                ethernet("86dd", ipv6(43, routing, "1234 0035 0008 fa1d")),
                ethernet("0806 0001"),
                bytes(""));
    }

    @ParameterizedTest
    @MethodSource("others")
    void leavesEveryOtherFrameAsItIs(byte[] frame) {
        byte[] before = frame.clone();

        assertThat(checksum.complete(frame, 0, frame.length, LinkType.ETHERNET)).isFalse();
        assertThat(frame).isEqualTo(before);
    }
}
