package dev.ringtail.sensor.owntraffic;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/// Opens channels as the JDK's own provider does, but binds each socket channel that a Kafka client
/// opens to a free port at once and registers that port with [OwnTraffic].
///
/// `connect` keeps the port of a channel that is bound, so the port is known before the SYN leaves.
/// The address stays the wildcard: the route chooses it. Channels that other code opens are left as
/// they are, so its traffic is captured.
public final class PortClaimingSelectorProvider extends SelectorProvider {
    private static final String KAFKA_PACKAGE = "org.apache.kafka.";
    private static final StackWalker STACK = StackWalker.getInstance();

    private final SelectorProvider platform;

    /// For the JVM, which makes its one provider through this.
    ///
    /// @throws OwnTrafficException if the JVM was started without the option that this needs
    public PortClaimingSelectorProvider() {
        this.platform = platformProvider();
    }

    /// The provider that the JDK would use by itself.
    static SelectorProvider platformProvider() {
        try {
            return (SelectorProvider)
                    Class.forName("sun.nio.ch.DefaultSelectorProvider")
                            .getMethod("get")
                            .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new OwnTrafficException(
                    "The sensor's own connections can't be told from others: start java with"
                            + " --add-exports java.base/sun.nio.ch=ALL-UNNAMED",
                    e);
        }
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return claim(platform.openSocketChannel(), new InetSocketAddress(0));
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        SocketChannel channel = platform.openSocketChannel(family);
        if (family.equals(StandardProtocolFamily.INET)) {
            return claim(channel, new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0));
        }
        return family.equals(StandardProtocolFamily.INET6)
                ? claim(channel, new InetSocketAddress(InetAddress.getByName("::"), 0))
                : channel;
    }

    private static SocketChannel claim(SocketChannel channel, InetSocketAddress anyPort)
            throws IOException {
        if (!isOpenedByKafka()) {
            return channel;
        }
        try {
            channel.bind(anyPort);
            OwnTraffic.INSTANCE.claim(channel);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isOpenedByKafka() {
        return STACK.walk(
                frames -> frames.anyMatch(f -> f.getClassName().startsWith(KAFKA_PACKAGE)));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return platform.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return platform.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return platform.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return platform.openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return platform.openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return platform.openServerSocketChannel(family);
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return platform.inheritedChannel();
    }
}
