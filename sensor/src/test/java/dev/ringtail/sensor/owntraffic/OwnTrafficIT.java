package dev.ringtail.sensor.owntraffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs with the provider installed by the build's JVM arguments.
class OwnTrafficIT {
    private static OwnTraffic own;

    @BeforeAll
    static void install() {
        own = OwnTraffic.install();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void knowsTheConnectionOfAKafkaClientByTheTimeItArrives(String address) throws Exception {
        InetAddress host = InetAddress.getByName(address);
        try (ServerSocket broker = new ServerSocket(0, 5, host)) {
            String bootstrap =
                    (address.contains(":") ? "[" + address + "]" : address)
                            + ":"
                            + broker.getLocalPort();
            Admin client = Admin.create(Map.of("bootstrap.servers", bootstrap));
            try (Socket connection = broker.accept()) {
                assertThat(isOwn(connection.getRemoteSocketAddress(), broker)).isTrue();
            }
            try (Socket reconnection = broker.accept()) {
                assertThat(isOwn(reconnection.getRemoteSocketAddress(), broker)).isTrue();
            }
            client.close(Duration.ZERO);
        }
    }

    /// As brokers come, go and move, a client goes from one to the other.
    @Test
    void knowsTheConnectionsToEveryBroker() throws Exception {
        InetAddress host = InetAddress.getByName("127.0.0.1");
        try (ServerSocket first = new ServerSocket(0, 5, host);
                ServerSocket second = new ServerSocket(0, 5, host);
                ExecutorService brokers = Executors.newVirtualThreadPerTaskExecutor();
                Admin client =
                        Admin.create(
                                Map.of(
                                        "bootstrap.servers",
                                        "127.0.0.1:%d,127.0.0.1:%d"
                                                .formatted(
                                                        first.getLocalPort(),
                                                        second.getLocalPort())))) {
            Future<Boolean> atFirst = brokers.submit(() -> turnAway(first));
            Future<Boolean> atSecond = brokers.submit(() -> turnAway(second));

            assertThat(atFirst.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(atSecond.get(20, TimeUnit.SECONDS)).isTrue();
            client.close(Duration.ZERO);
        }
    }

    /// @return whether the connection that was turned away was known as own
    private static boolean turnAway(ServerSocket broker) throws IOException {
        try (Socket connection = broker.accept()) {
            return isOwn(connection.getRemoteSocketAddress(), broker);
        }
    }

    @Test
    void leavesConnectionsOfOtherCodeAlone() throws Exception {
        InetAddress host = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(0, 5, host);
                SocketChannel client = SocketChannel.open(server.getLocalSocketAddress());
                Socket connection = server.accept()) {
            assertThat(client.getLocalAddress()).isEqualTo(connection.getRemoteSocketAddress());
            assertThat(isOwn(connection.getRemoteSocketAddress(), server)).isFalse();
        }
    }

    @Test
    void doesNotTakeAnotherHostsConnectionFromTheSamePortForOurs() throws Exception {
        InetAddress host = InetAddress.getByName("127.0.0.1");
        AtomicInteger port = new AtomicInteger();
        try (ServerSocket broker = new ServerSocket(0, 5, host);
                Admin client =
                        Admin.create(
                                Map.of(
                                        "bootstrap.servers",
                                        "127.0.0.1:" + broker.getLocalPort()))) {
            try (Socket connection = broker.accept()) {
                port.set(connection.getPort());
            }
            client.close(Duration.ZERO);
        }

        assertThat(own.isOwn4(0xc0000201, 0x7f000001, port.get(), 9092)).isFalse();
        assertThat(own.isOwn4(0x7f000001, 0xc0000201, port.get(), 9092)).isTrue();
        assertThat(own.isOwn4(0xc0000201, 0x7f000001, 9092, port.get())).isTrue();
    }

    private static boolean isOwn(java.net.SocketAddress clientAddress, ServerSocket server) {
        InetSocketAddress client = (InetSocketAddress) clientAddress;
        ByteBuffer address = ByteBuffer.wrap(client.getAddress().getAddress());
        int port = client.getPort();
        int serverPort = server.getLocalPort();
        if (address.remaining() == Integer.BYTES) {
            int a = address.getInt();
            boolean out = own.isOwn4(a, a, port, serverPort);
            return out && own.isOwn4(a, a, serverPort, port);
        }
        long high = address.getLong();
        long low = address.getLong();
        boolean out = own.isOwn6(high, low, high, low, port, serverPort);
        return out && own.isOwn6(high, low, high, low, serverPort, port);
    }
}
