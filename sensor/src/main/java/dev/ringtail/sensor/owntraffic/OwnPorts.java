package dev.ringtail.sensor.owntraffic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLongArray;

/// The TCP ports that this process's connections to Kafka hold, or held until a moment ago.
///
/// A set of 65536 bits, 8 KiB, so that it stays in the cache of a lane that asks for each packet.
/// Asking is lock-free; connections come and go under a lock.
final class OwnPorts {
    private static final int PORT_COUNT = 1 << 16;

    /// How long a port stays after its channel is seen closed: the kernel still sends and receives
    /// the connection's last packets, and repeats them for TIME-WAIT, which is 60 s on Linux.
    private static final long LINGER_NS = Duration.ofSeconds(60).toNanos();

    private final AtomicLongArray bits = new AtomicLongArray(PORT_COUNT / Long.SIZE);
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final int[] holderCounts = new int[PORT_COUNT];

    /// Whether the port is one of ours.
    ///
    /// @param port 0 to 65535
    boolean contains(int port) {
        return (bits.getOpaque(port >>> 6) >>> port & 1) != 0;
    }

    /// Adds the local port of a channel that is bound.
    synchronized void register(SocketChannel channel) throws IOException {
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        entries.add(new Entry(channel, port));
        if (holderCounts[port]++ == 0) {
            bits.setRelease(port >>> 6, bits.get(port >>> 6) | 1L << port);
        }
    }

    /// Notices closed channels, and lets go of the ports of those closed long enough ago. To be
    /// called about once a second.
    ///
    /// @param nowNs monotonic time
    synchronized void sweep(long nowNs) {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
            Entry entry = i.next();
            if (entry.isOver(nowNs)) {
                i.remove();
                release(entry.port);
            }
        }
    }

    private void release(int port) {
        if (--holderCounts[port] == 0) {
            bits.setRelease(port >>> 6, bits.get(port >>> 6) & ~(1L << port));
        }
    }

    /// A channel and the port that it holds; the port may pass to another channel while this one
    /// lingers.
    private static final class Entry {
        private final SocketChannel channel;
        private final int port;
        private boolean closed;
        private long closedNs;

        Entry(SocketChannel channel, int port) {
            this.channel = channel;
            this.port = port;
        }

        boolean isOver(long nowNs) {
            if (!closed && !channel.isOpen()) {
                closed = true;
                closedNs = nowNs;
            }
            return closed && nowNs - closedNs >= LINGER_NS;
        }
    }
}
