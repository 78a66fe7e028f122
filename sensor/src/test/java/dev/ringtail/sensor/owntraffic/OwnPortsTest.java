package dev.ringtail.sensor.owntraffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

class OwnPortsTest {
    private static final long LINGER_NS = Duration.ofSeconds(60).toNanos();

    private final OwnPorts ports = new OwnPorts();

    @Test
    void keepsAPortUntilAMinuteAfterItsChannelWasSeenClosed() throws Exception {
        SocketChannel channel = SocketChannel.open().bind(new InetSocketAddress(0));
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        ports.register(channel);
        ports.sweep(0);
        ports.sweep(10 * LINGER_NS);
        assertThat(ports.contains(port)).isTrue();

        channel.close();
        ports.sweep(11 * LINGER_NS);
        ports.sweep(12 * LINGER_NS - 1);
        assertThat(ports.contains(port)).isTrue();
        ports.sweep(12 * LINGER_NS);
        assertThat(ports.contains(port)).isFalse();
    }

    @Test
    void keepsAPortThatPassedToAnotherChannel() throws Exception {
        SocketChannel first = SocketChannel.open().bind(new InetSocketAddress(0));
        InetSocketAddress address = (InetSocketAddress) first.getLocalAddress();
        ports.register(first);
        first.close();
        ports.sweep(1);
        try (SocketChannel second = SocketChannel.open().bind(address)) {
            ports.register(second);

            ports.sweep(2 * LINGER_NS);

            assertThat(ports.contains(address.getPort())).isTrue();
            assertThat(ports.contains(address.getPort() ^ 1)).isFalse();
        }
    }
}
