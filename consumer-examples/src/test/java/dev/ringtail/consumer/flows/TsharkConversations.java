package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Tools;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What tshark finds in a capture file: its conversations, which print rounded bytes, and each
/// packet's exact length and Community ID.
final class TsharkConversations {
    /// `A <-> B`, then frames and bytes from B to A, and from A to B.
    private static final Pattern ROW =
            Pattern.compile(
                    "(\\S+):(\\d+)\\s+<->\\s+(\\S+):(\\d+)\\s+(\\d+) (\\d+) (bytes|kB|MB)\\s+(\\d+)"
                            + " (\\d+) (bytes|kB|MB)\\s.*");

    private TsharkConversations() {}

    /// Packets of each five-tuple and direction, summed over the rows of `-z conv,tcp` and
    /// `conv,udp` (tshark has a row for each connection between the same ports).
    static Map<String, Long> packets(Path file) {
        Map<String, Long> packets = new TreeMap<>();
        addPackets(packets, file, "tcp", IpProtocol.TCP);
        addPackets(packets, file, "udp", IpProtocol.UDP);
        return packets;
    }

    private static void addPackets(
            Map<String, Long> packets, Path file, String table, int protocol) {
        String text =
                Tools.run("tshark", "-n", "-r", file.toString(), "-q", "-z", "conv," + table)
                        .orFail()
                        .stdout();
        for (String line : text.lines().filter(l -> l.contains("<->")).toList()) {
            Matcher row = ROW.matcher(line);
            assertThat(row.matches()).as("conversation row: %s", line).isTrue();
            String a = TimedPacket.side(row.group(1), Integer.parseInt(row.group(2)));
            String b = TimedPacket.side(row.group(3), Integer.parseInt(row.group(4)));
            add(packets, protocol + " " + b + " > " + a, Long.parseLong(row.group(5)));
            add(packets, protocol + " " + a + " > " + b, Long.parseLong(row.group(8)));
        }
    }

    private static void add(Map<String, Long> packets, String directed, long count) {
        if (count > 0) {
            packets.merge(directed, count, Long::sum);
        }
    }

    /// Packets and octets, from the fields of each packet.
    static DirectedTotals totals(Path file) {
        DirectedTotals totals = new DirectedTotals();
        for (String[] fields : fields(file)) {
            boolean tcp = !fields[4].isEmpty();
            int port = tcp ? 4 : 6;
            String source = TimedPacket.side(fields[0] + fields[1], Integer.parseInt(fields[port]));
            String destination =
                    TimedPacket.side(fields[2] + fields[3], Integer.parseInt(fields[port + 1]));
            int protocol = tcp ? IpProtocol.TCP : IpProtocol.UDP;
            totals.add(protocol + " " + source + " > " + destination, 1, Long.parseLong(fields[8]));
        }
        return totals;
    }

    /// Octets of each Community ID.
    static Map<String, Long> octetsByCommunityId(Path file) {
        Map<String, Long> octets = new HashMap<>();
        for (String[] fields : fields(file)) {
            octets.merge(fields[9], Long.parseLong(fields[8]), Long::sum);
        }
        return octets;
    }

    private static Iterable<String[]> fields(Path file) {
        String text =
                Tools.run(
                                "tshark",
                                "-n",
                                "-r",
                                file.toString(),
                                "--enable-protocol",
                                "communityid",
                                "-T",
                                "fields",
                                "-e",
                                "ip.src",
                                "-e",
                                "ipv6.src",
                                "-e",
                                "ip.dst",
                                "-e",
                                "ipv6.dst",
                                "-e",
                                "tcp.srcport",
                                "-e",
                                "tcp.dstport",
                                "-e",
                                "udp.srcport",
                                "-e",
                                "udp.dstport",
                                "-e",
                                "frame.len",
                                "-e",
                                "communityid")
                        .orFail()
                        .stdout();
        return text.lines().map(line -> line.split("\t", -1)).toList();
    }
}
