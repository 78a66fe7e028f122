package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.NetworkNamespace;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.FutureTask;

/// Two network namespaces that a veth pair `b0`–`b1` connects, for TCP from one to the other with
/// the pair's segmentation offload.
record TcpPeers(NetworkNamespace here, NetworkNamespace peer, String local, String remote)
        implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    /// @param here has `b0` and the address `local`
    /// @param peer has `b1` and the address `remote`
    /// @param gsoMaxSize over 65536 it is BIG TCP, which Linux has for IPv6 since 5.19
    static TcpPeers connect(
            NetworkNamespace here,
            NetworkNamespace peer,
            String local,
            String remote,
            int gsoMaxSize) {
        // Only where it is wanted: it has packets of its own to send.
        boolean ipv6 = local.contains(":");
        for (NetworkNamespace namespace : List.of(here, peer)) {
            namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=" + (ipv6 ? 0 : 1));
        }
        here.run("ip link add b0 type veth peer name b1 netns " + peer.name());
        configure(here, "b0", local, gsoMaxSize);
        configure(peer, "b1", remote, gsoMaxSize);
        return new TcpPeers(here, peer, local, remote);
    }

    private static void configure(
            NetworkNamespace namespace, String name, String address, int gsoMaxSize) {
        namespace.run("ip link set %s gso_max_size %d up".formatted(name, gsoMaxSize));
        String prefix = address.contains(":") ? "/64 nodad" : "/24";
        namespace.run("ip addr add dev %s %s%s".formatted(name, address, prefix));
    }

    /// Sends data to the peer and waits until all have come.
    void send(byte[] data) throws Exception {
        transfer(here, peer, remote, data);
    }

    /// Has the peer send data and waits until all have come.
    void receive(byte[] data) throws Exception {
        transfer(peer, here, local, data);
    }

    private static void transfer(
            NetworkNamespace from, NetworkNamespace to, String toAddress, byte[] data)
            throws Exception {
        InetAddress address = InetAddress.getByName(toAddress);
        try (ServerSocket server = InNamespace.call(to, () -> new ServerSocket(0, 1, address))) {
            server.setSoTimeout(TIMEOUT_MS);
            FutureTask<byte[]> received = new FutureTask<>(() -> receive(server));
            Thread.ofPlatform().name("test-receiver").start(received);
            try (Socket client =
                            InNamespace.call(
                                    from, () -> new Socket(address, server.getLocalPort()));
                    OutputStream out = client.getOutputStream()) {
                out.write(data);
            }
            assertThat(received.get()).isEqualTo(data);
        }
    }

    private static byte[] receive(ServerSocket server) throws Exception {
        try (Socket accepted = server.accept();
                InputStream in = accepted.getInputStream()) {
            accepted.setSoTimeout(TIMEOUT_MS);
            return in.readAllBytes();
        }
    }

    /// Deletes the pair, and with it what is on top of it.
    @Override
    public void close() {
        here.run("ip link delete b0");
    }
}
