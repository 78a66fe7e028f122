package dev.ringtail.localkafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// TCP ports of the IPv4 loopback address.
public final class LoopbackPorts {
    static final String ADDRESS = "127.0.0.1";

    private LoopbackPorts() {}

    /// Whether a server could listen on `port` at this moment.
    static boolean isFree(int port) {
        try (ServerSocket probe = listen(port)) {
            return probe.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }

    /// `count` different ports that were free a moment ago. Another process may take one before the
    /// caller does.
    ///
    /// @throws LocalKafkaException if there are none
    public static int[] free(int count) {
        ServerSocket[] probes = new ServerSocket[count];
        int[] ports = new int[count];
        try {
            for (int i = 0; i < count; i++) {
                probes[i] = listen(0);
                ports[i] = probes[i].getLocalPort();
            }
            return ports;
        } catch (IOException e) {
            throw new LocalKafkaException(
                    "No free TCP port on "
                            + ADDRESS
                            + ": "
                            + e.getMessage()
                            + "; is the interface lo up?",
                    e);
        } finally {
            close(probes);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // As Kafka does: a port with connections of an earlier run in TIME_WAIT is not taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), port), 1);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void close(ServerSocket[] sockets) {
        for (ServerSocket socket : sockets) {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new LocalKafkaException(
                        "Cannot close a probe of port " + socket.getLocalPort(), e);
            }
        }
    }
}
