package dev.ringtail.demo.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

class KnownPortTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void whereThePortIsTakenAnyOtherDoes() throws Exception {
        try (ServerSocket first = KnownPort.HTTP.bind(LOOPBACK, KnownPortTest::listen);
                ServerSocket second = KnownPort.HTTP.bind(LOOPBACK, KnownPortTest::listen)) {
            assertThat(second.getLocalPort())
                    .isPositive()
                    .isNotIn(first.getLocalPort(), KnownPort.HTTP.number());
            assertThat(KnownPort.HTTP.noteOf(second.getLocalPort())).contains("8080", "HTTP");
            assertThat(KnownPort.HTTP.noteOf(8080)).isEmpty();
        }
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        return new ServerSocket(address.getPort(), 1, address.getAddress());
    }
}
