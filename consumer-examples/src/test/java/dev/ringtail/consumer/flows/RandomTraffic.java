package dev.ringtail.consumer.flows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// TCP and UDP over IPv4 and IPv6 between a few hosts, with pauses shorter and longer than the
/// timeouts. The same seed makes the same traffic.
final class RandomTraffic {
    static final long START_NS = 1_700_000_000_000_000_000L;

    private static final int[] TCP_FLAGS = {
        Frames.SYN,
        Frames.SYN | Frames.ACK,
        Frames.ACK,
        Frames.ACK,
        Frames.ACK,
        Frames.FIN | Frames.ACK,
        Frames.RST
    };

    private final Random random;
    private final boolean connections;

    /// @param connections whether TCP packets begin and end connections, at random
    RandomTraffic(long seed, boolean connections) {
        this.random = new Random(seed);
        this.connections = connections;
    }

    /// Packets in order of time, over `spanNs`.
    List<TimedPacket> packets(int count, int flows, long spanNs) {
        long[] times = random.longs(count, 0, spanNs).sorted().toArray();
        List<TimedPacket> packets = new ArrayList<>(count);
        for (long time : times) {
            packets.add(packet(START_NS + time, random.nextInt(flows)));
        }
        return packets;
    }

    private TimedPacket packet(long timestampNs, int flow) {
        boolean tcp = flow % 3 != 0;
        boolean ipv6 = flow % 4 == 3;
        String client = ipv6 ? "fd00::1:" + Integer.toHexString(1 + flow) : "10.1.0." + (1 + flow);
        String server = ipv6 ? "fd00::2" : "192.0.2.200";
        int clientPort = 20_000 + flow;
        int serverPort = tcp ? 8080 : 5353;
        boolean request = random.nextInt(3) != 0;
        String source = request ? client : server;
        int sourcePort = request ? clientPort : serverPort;
        String destination = request ? server : client;
        int destinationPort = request ? serverPort : clientPort;
        int payloadBytes = random.nextInt(900);
        int flags = connections ? TCP_FLAGS[random.nextInt(TCP_FLAGS.length)] : Frames.ACK;
        byte[] frame =
                tcp
                        ? Frames.tcp(
                                source,
                                sourcePort,
                                destination,
                                destinationPort,
                                flags,
                                payloadBytes)
                        : Frames.udp(
                                source, sourcePort, destination, destinationPort, payloadBytes);
        return new TimedPacket(
                timestampNs,
                tcp ? IpProtocol.TCP : IpProtocol.UDP,
                source,
                sourcePort,
                destination,
                destinationPort,
                frame);
    }
}
