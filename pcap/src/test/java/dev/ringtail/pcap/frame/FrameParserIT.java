package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The parser sees in each frame what tshark sees.
///
/// A first fragment is not among them: tshark shows its ports, the parser leaves them out by
/// design.
@RequiresTool("tshark")
class FrameParserIT {
    private static final List<String> PACKETS =
            List.of(
                    ipv4(17, 0, UDP),
                    ipv4(6, 0x4000, TCP),
                    ipv4(132, 0, "1234 0035 00000000 00000000"),
                    ipv4(1, 0, "0304 0000 00000000"),
                    ipv4(17, 0x0010, UDP),
                    "4600 0028 0001 0000 40 11 0000 0a000001 0a000002 94040000" + UDP,
                    ipv6(17, UDP),
                    ipv6(6, TCP),
                    ipv6(58, "8000 0000 0001 0001"),
                    ipv6(0, "11 00 050200000100", UDP),
                    ipv6(60, "2b 00 010400000000", "11 00 fd00 00000000", UDP),
                    ipv6(44, "11 00 0000 00000007", UDP),
                    ipv6(44, "11 00 0011 00000007", UDP));

    /// More to end headers at: TCP with options and payload, GRE, a later fragment, routing.
    private static final List<String> HEADERS =
            List.of(
                    ipv4(
                            6,
                            0,
                            "1234 01bb 00000001 00000002 8010 ffff 0000 0000"
                                    + "0101080a0000000100000002"
                                    + "16030100"),
                    ipv4(47, 0, "0000 0000 00000000"),
                    ipv4(17, 0x2001, UDP),
                    ipv6(44, "11 00 0008 00000007", UDP),
                    ipv6(43, "06 02 0001 00000000 fd000000000000000000000000000003", TCP));

    private static final Pattern PDML_HEADER =
            Pattern.compile(
                    "<proto name=\"(ip|ipv6(?:\\.[a-z]+)?|tcp|udp|sctp|icmp|icmpv6)\" [^>]*"
                            + "size=\"(\\d+)\" pos=\"(\\d+)\"");

    private static final List<String> FIELDS =
            List.of(
                    "ip.src",
                    "ip.dst",
                    "ipv6.src",
                    "ipv6.dst",
                    "udp.srcport",
                    "tcp.srcport",
                    "sctp.srcport",
                    "udp.dstport",
                    "tcp.dstport",
                    "sctp.dstport",
                    "tcp.flags",
                    "icmp.type",
                    "icmpv6.type",
                    "icmp.code",
                    "icmpv6.code");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            ints = {
                LinkType.ETHERNET,
                LinkType.RAW,
                LinkType.NULL,
                LinkType.LINUX_SLL,
                LinkType.LINUX_SLL2,
                LinkType.PPP
            })
    void seesWhatTsharkSees(int linkType) throws IOException {
        List<byte[]> frames = PACKETS.stream().map(packet -> frame(linkType, packet)).toList();
        List<String> seen = new ArrayList<>();
        for (byte[] frame : frames) {
            seen.add(describe(frame, linkType));
        }

        assertThat(seen).containsExactlyElementsOf(tshark(file(frames, linkType)));
    }

    @ParameterizedTest
    @ValueSource(ints = {LinkType.ETHERNET, LinkType.RAW, LinkType.LINUX_SLL2})
    void endsHeadersWhereTsharkDoes(int linkType) throws IOException {
        List<byte[]> frames =
                Stream.concat(PACKETS.stream(), HEADERS.stream())
                        .map(packet -> frame(linkType, packet))
                        .toList();
        FrameParser parser = new FrameParser();
        List<Integer> ends = new ArrayList<>();
        for (byte[] frame : frames) {
            parser.parse(MemorySegment.ofArray(frame), 0, frame.length, linkType);
            ends.add(parser.headersLength());
        }

        assertThat(ends).containsExactlyElementsOf(tsharkHeaderEnds(file(frames, linkType)));
    }

    private Path file(List<byte[]> frames, int linkType) throws IOException {
        Path file = folder.resolve("frames.pcap");
        try (PcapWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            int id = writer.addInterface("", "", linkType, 0);
            for (byte[] frame : frames) {
                writer.writePacket(id, 0, frame.length, frame, 0, frame.length, 0, null);
            }
        }
        return file;
    }

    /// From tshark's dissection: where each protocol's part of the frame begins, and how long it
    /// is. Those of ICMP and SCTP run to the frame's end; their headers are of fixed length.
    private static List<Integer> tsharkHeaderEnds(Path file) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        command.addAll(List.of("-o", "ip.defragment:false", "-o", "ipv6.defragment:false"));
        command.addAll(List.of("-T", "pdml"));
        List<Integer> ends = new ArrayList<>();
        for (String packet : Tools.run(command).orFail().stdout().split("</packet>")) {
            Matcher protocol = PDML_HEADER.matcher(packet);
            int end = 0;
            while (protocol.find()) {
                int size =
                        switch (protocol.group(1)) {
                            case "icmp", "icmpv6" -> 8;
                            case "sctp" -> 12;
                            default -> Integer.parseInt(protocol.group(2));
                        };
                end = Integer.parseInt(protocol.group(3)) + size;
            }
            if (end > 0) {
                ends.add(end);
            }
        }
        return ends;
    }

    private static byte[] frame(int linkType, String packet) {
        boolean ipv4 = packet.startsWith("4");
        String type = ipv4 ? "0800" : "86dd";
        return switch (linkType) {
            case LinkType.ETHERNET -> ethernet("88a8 0064 8100 0007", type, packet);
            case LinkType.NULL -> bytes(ipv4 ? "02000000" : "1e000000", packet);
            case LinkType.LINUX_SLL -> bytes("0000 0001 0006 0200000000010000", type, packet);
            case LinkType.LINUX_SLL2 ->
                    bytes(type, "0000 00000002 0001 00 06 0200000000010000", packet);
            case LinkType.PPP -> bytes("ff03", ipv4 ? "0021" : "0057", packet);
            default -> bytes(packet);
        };
    }

    /// One line a frame: addresses, then the ports of whatever transport has them, then type and
    /// code.
    private static List<String> tshark(Path file) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        command.addAll(List.of("-o", "ip.defragment:false", "-o", "ipv6.defragment:false"));
        command.addAll(List.of("-T", "fields", "-E", "separator=,"));
        for (String field : FIELDS) {
            command.addAll(List.of("-e", field));
        }
        // Fields of other protocols are empty: without separators, what is there stands in our
        // order.
        return Tools.run(command)
                .orFail()
                .stdout()
                .lines()
                .map(line -> line.replaceAll(",+", ",").replaceAll(",$|^,", ""))
                .toList();
    }

    private static String describe(byte[] frame, int linkType) throws IOException {
        FrameParser parser = new FrameParser();
        parser.parse(MemorySegment.ofArray(frame), 0, frame.length, linkType);
        List<String> seen = new ArrayList<>();
        if (parser.ipVersion() == 4) {
            seen.add(ipv4Text(parser.sourceAddress4()));
            seen.add(ipv4Text(parser.destinationAddress4()));
        } else if (parser.ipVersion() == 6) {
            seen.add(ipv6Text(parser.sourceAddressHigh(), parser.sourceAddressLow()));
            seen.add(ipv6Text(parser.destinationAddressHigh(), parser.destinationAddressLow()));
        }
        if (parser.hasPorts()) {
            seen.add(Integer.toString(parser.sourcePort()));
            seen.add(Integer.toString(parser.destinationPort()));
        }
        if (parser.protocol() == 6) {
            seen.add("0x%04x".formatted(parser.tcpFlags()));
        }
        if (parser.icmpType() >= 0) {
            seen.add(Integer.toString(parser.icmpType()));
            seen.add(Integer.toString(parser.icmpCode()));
        }
        return String.join(",", seen);
    }

    private static String ipv4Text(int address) throws IOException {
        return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(address).array())
                .getHostAddress();
    }

    private static String ipv6Text(long high, long low) throws IOException {
        byte[] address = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        // The JDK doesn't shorten runs of zeros; the test's addresses have one.
        return InetAddress.getByAddress(address).getHostAddress().replaceFirst("(:0)+:", "::");
    }
}
