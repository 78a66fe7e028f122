package dev.ringtail.demo.traffic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;

/// A name server over UDP, and a client that asks it for A and AAAA records, from a new port every
/// few questions.
final class DnsWorkload implements Workload {
    private static final int QUERIES_PER_SECOND = 200;
    private static final int QUERIES_PER_SOCKET = 20;
    private static final int NAME_COUNT = 100;
    private static final int TIMEOUT_MS = 1_000;

    private final DatagramSocket server;

    private DnsWorkload(DatagramSocket server) {
        this.server = server;
    }

    /// Opens the name server at port 53 of the address, or at any free port where 53 can't be had.
    static DnsWorkload start(InetAddress address) throws IOException {
        return new DnsWorkload(KnownPort.DNS.bind(address, DatagramSocket::new));
    }

    @Override
    public String portNote() {
        return KnownPort.DNS.noteOf(server.getLocalPort());
    }

    @Override
    public String name() {
        return "DNS to " + server.getLocalSocketAddress();
    }

    @Override
    public void serve() throws IOException {
        DatagramPacket packet =
                new DatagramPacket(new byte[DnsMessage.MAX_BYTES], DnsMessage.MAX_BYTES);
        while (true) {
            packet.setLength(DnsMessage.MAX_BYTES);
            server.receive(packet);
            byte[] answer = DnsMessage.answer(packet.getData(), packet.getLength());
            server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Pace pace = Pace.perSecond(QUERIES_PER_SECOND);
        int id = 0;
        while (true) {
            try (DatagramSocket client = new DatagramSocket(0, server.getLocalAddress())) {
                client.connect(server.getLocalSocketAddress());
                client.setSoTimeout(TIMEOUT_MS);
                for (int i = 0; i < QUERIES_PER_SOCKET; i++) {
                    pace.await();
                    id = (id + 1) & 0xffff;
                    ask(client, id);
                }
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private static void ask(DatagramSocket client, int id) throws IOException {
        int type = id % 2 == 0 ? DnsMessage.TYPE_A : DnsMessage.TYPE_AAAA;
        byte[] query = DnsMessage.query(id, "host-" + id % NAME_COUNT + ".example.com", type);
        client.send(new DatagramPacket(query, query.length));
        DatagramPacket answer =
                new DatagramPacket(new byte[DnsMessage.MAX_BYTES], DnsMessage.MAX_BYTES);
        try {
            client.receive(answer);
        } catch (SocketTimeoutException lost) {
            return; // UDP may lose a datagram; the next question is another one.
        }
        if (DnsMessage.refuses(id, answer.getData(), answer.getLength())) {
            throw new IOException("name server refused question " + id);
        }
    }
}
