package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A capture of headers alone: packets end where tshark says that the headers of tcpdump's whole
/// packets do.
@Privileged
@RequiresTool({"tcpdump", "tshark"})
class HeadersOnlyIT {
    /// Carries what tells it apart in front of the transport header's end: port 27759 to 29556.
    private static final byte[] LAST =
            ethernet("0800", ipv4(6, 0, SideBySide.LAST + "00 5012 ffff 0000 0000 00"));

    private static final Pattern HEADER =
            Pattern.compile(
                    "<proto"
                        + " name=\"(eth|vlan|ieee8021ad|arp|ip|ipv6(?:\\.[a-z]+)?|tcp|udp|icmp|icmpv6)\""
                        + " [^>]*size=\"(\\d+)\" pos=\"(\\d+)\"");

    @TempDir private Path folder;

    @Test
    void endsPacketsBehindTheirTransportHeader() throws Exception {
        List<SideBySide> captured = new ArrayList<>();
        CaptureLab.run(
                folder,
                lab ->
                        captured.add(
                                SideBySide.capture(
                                        lab,
                                        folder,
                                        "headers",
                                        c -> c.set("headers", true),
                                        List.of("-i", "a1"),
                                        traffic -> {
                                            traffic.send(FrameKinds.every(3));
                                            traffic.send(List.of(LAST));
                                        })));
        SideBySide both = captured.getFirst();
        List<Integer> ends = headerEnds(folder.resolve("headers.pcap"));

        assertThat(both.topic()).hasSameSizeAs(both.theirs()).hasSameSizeAs(ends);
        long cutPackets = 0;
        long cutBytes = 0;
        for (int i = 0; i < ends.size(); i++) {
            FilePacket whole = both.theirs().get(i);
            TopicPacket ours = both.topic().get(i);
            int end = 2 * ends.get(i);
            assertThat(ours.captured())
                    .isEqualTo(
                            new FilePacket(
                                    whole.linkType(),
                                    whole.timestampNs(),
                                    whole.originalLength(),
                                    whole.data().substring(0, end)));
            boolean cut = end < whole.data().length();
            assertThat((ours.flags() & PacketFlags.CUT) != 0).isEqualTo(cut);
            cutPackets += cut ? 1 : 0;
            cutBytes += (whole.data().length() - end) / 2;
        }
        assertThat(both.ours())
                .isEqualTo(both.topic().stream().map(TopicPacket::captured).toList());
        LaneLedger lane = both.report().getLanes().getFirst();
        assertThat(lane.getCut().getPackets()).isEqualTo(cutPackets).isPositive();
        assertThat(lane.getCut().getBytes()).isEqualTo(cutBytes);
    }

    /// Where the innermost of the headers that tshark knows of each packet ends. Its part of ICMP
    /// runs to the end of the frame; the header has 8 bytes.
    private static List<Integer> headerEnds(Path file) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        command.addAll(List.of("-o", "ip.defragment:false", "-o", "ipv6.defragment:false"));
        command.addAll(List.of("-T", "pdml"));
        List<Integer> ends = new ArrayList<>();
        for (String packet : Tools.run(command).orFail().stdout().split("</packet>")) {
            Matcher protocol = HEADER.matcher(packet);
            int end = 0;
            while (protocol.find()) {
                int bytes =
                        protocol.group(1).startsWith("icmp")
                                ? 8
                                : Integer.parseInt(protocol.group(2));
                end = Math.max(end, Integer.parseInt(protocol.group(3)) + bytes);
            }
            if (end > 0) {
                ends.add(end);
            }
        }
        return ends;
    }
}
