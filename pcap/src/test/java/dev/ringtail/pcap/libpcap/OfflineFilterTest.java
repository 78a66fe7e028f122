package dev.ringtail.pcap.libpcap;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class OfflineFilterTest {
    private static final List<String> PACKETS =
            List.of(
                    ipv4(17, 0, UDP),
                    ipv4(6, 0x4000, TCP),
                    ipv4(1, 0, "0800 0000 0001 0001"),
                    ipv4(17, 0x2000, UDP),
                    ipv4(17, 0x0010, UDP),
                    ipv6(17, UDP),
                    ipv6(6, TCP),
                    ipv6(44, "11 00 0001 00000007" + UDP),
                    ipv6(58, "8000 0000 0001 0001"),
                    ipv4(17, 0, UDP + "55".repeat(1400)),
                    ipv4(132, 0, UDP));

    private static final List<String> FILTERS =
            List.of(
                    "",
                    "ip",
                    "ip6",
                    "tcp",
                    "udp port 53",
                    "tcp dst port 443 or icmp",
                    "host 10.0.0.1 and not udp",
                    "src net 10.0.0.0/31",
                    "ip6 host fd00::2",
                    "ip[6:2] & 0x1fff != 0",
                    "tcp[tcpflags] & tcp-syn != 0",
                    "greater 500",
                    "less 60",
                    "sctp");

    @TempDir Path folder;

    static Stream<Arguments> linkTypes() {
        return Stream.of(
                Arguments.of(LinkType.ETHERNET, ethernetFrames()),
                Arguments.of(LinkType.RAW, frames("", "")),
                Arguments.of(LinkType.NULL, frames("02000000", "1e000000")),
                Arguments.of(LinkType.LINUX_SLL, frames(sll("0800"), sll("86dd"))),
                Arguments.of(LinkType.LINUX_SLL2, frames(sll2("0800"), sll2("86dd"))));
    }

    private static List<byte[]> ethernetFrames() {
        List<byte[]> frames = new ArrayList<>();
        for (String packet : PACKETS) {
            String type = packet.startsWith("4") ? "0800" : "86dd";
            frames.add(ethernet(type, packet));
            frames.add(ethernet("8100 0007", type, packet));
        }
        frames.add(ethernet("0806 0001 0800 0604 0001", "00".repeat(20)));
        frames.add(bytes("0102030405"));
        return frames;
    }

    private static List<byte[]> frames(String ipv4Header, String ipv6Header) {
        return PACKETS.stream()
                .map(packet -> bytes(packet.startsWith("4") ? ipv4Header : ipv6Header, packet))
                .toList();
    }

    private static String sll(String type) {
        return "0000 0001 0006 0200000000010000" + type;
    }

    private static String sll2(String type) {
        return type + "0000 00000002 0001 00 06 0200000000010000";
    }

    @RequiresTool("tcpdump")
    @ParameterizedTest
    @MethodSource("linkTypes")
    void matchesWhatTcpdumpMatches(int linkType, List<byte[]> frames) throws IOException {
        Path file = folder.resolve("all.pcap");
        try (PcapWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            int id = writer.addInterface("", "", linkType, 0);
            for (int i = 0; i < frames.size(); i++) {
                byte[] frame = frames.get(i);
                writer.writePacket(id, i, frame.length, frame, 0, frame.length, 0, null);
            }
        }
        List<String> filters = new ArrayList<>(FILTERS);
        if (linkType == LinkType.ETHERNET) {
            filters.addAll(List.of("vlan 7 and udp", "not vlan", "ether src 02:00:00:00:00:01"));
        }

        int matched = 0;
        for (String filter : filters) {
            List<Long> expected = matchedByTcpdump(file, filter);
            assertThat(matchedByUs(file, linkType, filter))
                    .as("%s: %s", LinkType.name(linkType), filter)
                    .isEqualTo(expected);
            matched += expected.size();
        }
        assertThat(matched).isGreaterThan(frames.size());
    }

    private List<Long> matchedByTcpdump(Path file, String filter) throws IOException {
        Path matches = folder.resolve("matches.pcap");
        List<String> command = new ArrayList<>(List.of("tcpdump", "-r", file.toString()));
        command.addAll(List.of("--time-stamp-precision=nano", "-w", matches.toString()));
        if (!filter.isEmpty()) {
            command.add(filter);
        }
        Tools.run(command).orFail();
        List<Long> timestampsNs = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(matches)) {
            while (reader.next()) {
                timestampsNs.add(reader.timestampNs());
            }
        }
        return timestampsNs;
    }

    private static List<Long> matchedByUs(Path file, int linkType, String filter)
            throws IOException {
        List<Long> timestampsNs = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(file);
                OfflineFilter compiled = OfflineFilter.compile(linkType, 0, filter)) {
            while (reader.next()) {
                if (compiled.matches(
                        reader.data(),
                        reader.dataOffset(),
                        reader.dataLength(),
                        reader.originalLength(),
                        reader.timestampNs())) {
                    timestampsNs.add(reader.timestampNs());
                }
            }
        }
        return timestampsNs;
    }

    @ParameterizedTest
    @CsvSource({"0,02000000", "0,00000002", "108,00000002"})
    void matchesTheLoopbackFamilyOfIpv4InAnyByteOrder(int linkType, String family) {
        try (OfflineFilter filter = OfflineFilter.compile(linkType, 0, "ip and udp port 53")) {
            assertThat(matches(filter, bytes(family, ipv4(17, 0, UDP)))).isTrue();
            assertThat(matches(filter, bytes(family, ipv4(6, 0, TCP)))).isFalse();
        }
    }

    /// The number is each operating system's own: Linux, NetBSD and OpenBSD, FreeBSD, Darwin.
    @ParameterizedTest
    @ValueSource(strings = {"0a", "18", "1c", "1e"})
    void matchesTheLoopbackFamilyOfIpv6OfAnySystem(String family) {
        try (OfflineFilter onNull = OfflineFilter.compile(LinkType.NULL, 0, "ip6");
                OfflineFilter onLoop = OfflineFilter.compile(LinkType.LOOP, 0, "ip6")) {
            byte[] bigEndian = bytes("000000" + family, ipv6(17, UDP));
            assertThat(matches(onNull, bytes(family + "000000", ipv6(17, UDP)))).isTrue();
            assertThat(matches(onNull, bigEndian)).isTrue();
            assertThat(matches(onLoop, bigEndian)).isTrue();
        }
    }

    @Test
    void takesPacketsThatAreLargerThanAnyBefore() {
        byte[] large = ethernet("0800", ipv4(17, 0, UDP), "00".repeat(1_000_000));

        try (OfflineFilter filter = OfflineFilter.compile(LinkType.ETHERNET, 0, "udp port 53")) {
            assertThat(matches(filter, large)).isTrue();
            assertThat(matches(filter, new byte[0])).isFalse();
        }
    }

    @Test
    void looksAtTheOriginalLength() {
        try (OfflineFilter filter = OfflineFilter.compile(LinkType.ETHERNET, 0, "greater 1500")) {
            byte[] cut = ethernet("0800", ipv4(17, 0, UDP));
            assertThat(filter.matches(cut, 0, cut.length, 0xffff_ffffL, 0)).isTrue();
            assertThat(filter.matches(cut, 0, cut.length, 1499, 0)).isFalse();
        }
    }

    private static boolean matches(OfflineFilter filter, byte[] frame) {
        return filter.matches(frame, 0, frame.length, frame.length, 0);
    }

    @Test
    void tellsWhatIsWrongWithAFilter() {
        assertThatThrownBy(() -> OfflineFilter.compile(LinkType.ETHERNET, 0, "port host"))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageStartingWith("filter \"port host\": ")
                .hasMessageContaining("syntax error");
        assertThatThrownBy(() -> OfflineFilter.compile(LinkType.RAW, 0, "vlan 7"))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("VLAN");
        assertThatThrownBy(() -> OfflineFilter.compile(LinkType.ETHERNET, 0, "tcp\0 or udp"))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("NUL");
    }

    @Test
    void closesTwiceWithoutHarm() {
        OfflineFilter filter = OfflineFilter.compile(LinkType.ETHERNET, 0, "tcp");
        filter.close();
        filter.close();

        assertThatThrownBy(() -> matches(filter, new byte[60]))
                .isInstanceOf(IllegalStateException.class);
    }
}
