package dev.ringtail.sensor.transmit;

import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Frames;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Arrays;

/// The conversation is that of [Frames]: from 10.0.0.1 or fd00::1, port 4660, to 10.0.0.2 or
/// fd00::2, port 53.
class OwnDatagramsTest {
    private static final String OTHER_PORT = "1235 0035 0010 0000 0102030405060708";
    private static final String QUOTED_UDP_4 = "4500 0024 0001 %s 40 11 0000 %s" + UDP;

    private final OwnDatagrams own4 =
            new OwnDatagrams(
                    new InetSocketAddress("10.0.0.1", 4660), new InetSocketAddress("10.0.0.2", 53));
    private final OwnDatagrams reversed4 =
            new OwnDatagrams(
                    new InetSocketAddress("10.0.0.2", 53), new InetSocketAddress("10.0.0.1", 4660));
    private final OwnDatagrams own6 =
            new OwnDatagrams(
                    new InetSocketAddress("fd00::1", 4660), new InetSocketAddress("fd00::2", 53));

    @Test
    void knowsDatagramsOfBothDirectionsByAddressesAndPorts() {
        assertThat(matches(own4, ethernet("0800", ipv4(17, 0, UDP)))).isTrue();
        assertThat(matches(reversed4, ethernet("0800", ipv4(17, 0, UDP)))).isTrue();
        assertThat(matches(own4, ethernet("8100 0005 0800", ipv4(17, 0, UDP)))).isTrue();
        assertThat(matches(own6, ethernet("86dd", ipv6(17, UDP)))).isTrue();
    }

    @Test
    void leavesOthersAlone() {
        assertThat(matches(own4, ethernet("0800", ipv4(17, 0, OTHER_PORT)))).isFalse();
        assertThat(matches(own4, ethernet("0800", ipv4(6, 0, Frames.TCP)))).isFalse();
        assertThat(matches(own4, ethernet("86dd", ipv6(17, UDP)))).isFalse();
        assertThat(matches(own6, ethernet("0800", ipv4(17, 0, UDP)))).isFalse();
        assertThat(matches(own6, ethernet("86dd", ipv6(17, OTHER_PORT)))).isFalse();
        assertThat(matches(own4, ethernet("88b5", "00".repeat(46)))).isFalse();
        assertThat(matches(own4, ethernet("0800", ipv4(1, 0, "0800 0000 0001 0001")))).isFalse();
    }

    @Test
    void takesAllFragmentsThatItMayHaveSent() {
        assertThat(matches(own4, ethernet("0800", ipv4(17, 0x2000, UDP)))).isTrue();
        assertThat(matches(own4, ethernet("0800", ipv4(17, 0x00b9, "01020304")))).isTrue();
        assertThat(matches(reversed4, ethernet("0800", ipv4(17, 0x00b9, "01020304")))).isFalse();
        assertThat(matches(own4, ethernet("0800", ipv4(6, 0x00b9, "01020304")))).isFalse();
        assertThat(matches(own6, ethernet("86dd", ipv6(44, "11 00 0591 00000001", "0102"))))
                .isTrue();
    }

    @Test
    void knowsErrorsThatQuoteItsDatagrams() {
        String ours = QUOTED_UDP_4.formatted("0000", "0a000001 0a000002");
        String theirs = QUOTED_UDP_4.formatted("0000", "0a000001 0a000003");
        String fragment = QUOTED_UDP_4.formatted("00b9", "0a000001 0a000002");

        assertThat(matches(own4, icmp4("03 03", ours))).isTrue();
        assertThat(matches(own4, icmp4("0b 00", ours))).isTrue();
        assertThat(matches(own4, icmp4("03 03", fragment))).isTrue();
        assertThat(matches(own4, icmp4("03 03", theirs))).isFalse();
        assertThat(matches(own4, icmp4("08 00", ours))).isFalse();
        assertThat(matches(own6, icmp6("01 04", ipv6(17, UDP)))).isTrue();
        assertThat(matches(own6, icmp6("01 04", ipv6(17, OTHER_PORT)))).isFalse();
        assertThat(matches(own6, icmp6("80 00", ipv6(17, UDP)))).isFalse();
    }

    @Test
    void readsNothingBehindAFrameThatIsCut() {
        byte[] error = icmp4("03 03", QUOTED_UDP_4.formatted("0000", "0a000001 0a000002"));
        for (int length = 0; length < error.length; length++) {
            byte[] cut = Arrays.copyOf(error, length);
            // 14 + 20 + 8 + 20 bytes up to the quoted ports, which are needed too.
            assertThat(matches(own4, cut)).as("%d bytes", length).isEqualTo(length >= 66);
        }
        byte[] error6 = icmp6("01 04", ipv6(17, UDP));
        for (int length = 0; length < error6.length; length++) {
            byte[] cut = Arrays.copyOf(error6, length);
            assertThat(matches(own6, cut)).as("%d bytes", length).isEqualTo(length >= 106);
        }
    }

    private static byte[] icmp4(String typeAndCode, String quoted) {
        return ethernet("0800", ipv4(1, 0, typeAndCode + "0000 00000000" + quoted));
    }

    private static byte[] icmp6(String typeAndCode, String quoted) {
        return ethernet("86dd", ipv6(58, typeAndCode + "0000 00000000" + quoted));
    }

    private static boolean matches(OwnDatagrams own, byte[] frame) {
        return own.matches(MemorySegment.ofArray(frame), 0, frame.length);
    }
}
