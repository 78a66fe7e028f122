package dev.ringtail.sensor.owntraffic;

import dev.ringtail.sensor.linux.Capabilities;
import dev.ringtail.sensor.linux.LibC;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells the packets of this process's own connections to Kafka from all others, exactly: by local
/// address and local port, both known before a connection's first packet.
///
/// The ports come from [PortClaimingSelectorProvider], which the JVM uses in place of its own after
/// [#install]. Addresses are those of this process's network namespace, read anew before each
/// connection and every 10 s. Not seen as own are packets whose own address or port was translated
/// on the way to the interface that is captured. All that is left out and what is not:
/// `docs/reference/own-traffic.md`.
public final class OwnTraffic {
    static final OwnTraffic INSTANCE = new OwnTraffic();

    private static final String PROVIDER_PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);
    private static final int SWEEPS_PER_ADDRESS_REFRESH = 10;

    private final OwnPorts ports = new OwnPorts();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile LocalAddresses addresses = LocalAddresses.NONE;
    private int sweepCount;

    OwnTraffic() {
        refreshAddresses();
    }

    /// Makes the JVM open its channels through us. To be called first thing in `main`, before any
    /// channel is opened.
    ///
    /// @return what is known of own traffic from now on
    /// @throws OwnTrafficException if the JVM was started without the option that this needs, or a
    ///   channel was opened before
    public static OwnTraffic install() {
        PortClaimingSelectorProvider.platformProvider();
        System.setProperty(PROVIDER_PROPERTY, PortClaimingSelectorProvider.class.getName());
        if (!(SelectorProvider.provider() instanceof PortClaimingSelectorProvider)) {
            throw new OwnTrafficException(
                    "The sensor's own connections can't be told from others: the JVM opened a"
                            + " channel too early. Give it -D"
                            + PROVIDER_PROPERTY
                            + "="
                            + PortClaimingSelectorProvider.class.getName(),
                    null);
        }
        return INSTANCE;
    }

    /// Whether a TCP/IPv4 packet belongs to an own connection, in either direction. Lane threads;
    /// no allocation, no waiting.
    ///
    /// @param source address as a big-endian number
    /// @param destination address as a big-endian number
    public boolean isOwn4(int source, int destination, int sourcePort, int destinationPort) {
        return (ports.contains(sourcePort) && addresses.contains4(source))
                || (ports.contains(destinationPort) && addresses.contains4(destination));
    }

    /// Whether a TCP/IPv6 packet belongs to an own connection, as [#isOwn4].
    ///
    /// @param sourceHigh first 8 bytes of the address as a big-endian number
    /// @param sourceLow last 8 bytes
    public boolean isOwn6(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        return (ports.contains(sourcePort) && addresses.contains6(sourceHigh, sourceLow))
                || (ports.contains(destinationPort)
                        && addresses.contains6(destinationHigh, destinationLow));
    }

    /// Takes a channel that is bound, but not connected yet, for one of ours. It can only connect
    /// from an address that this host has, so they are looked at now.
    void claim(SocketChannel channel) throws IOException {
        ports.register(channel);
        refreshAddresses();
        if (sweeping.compareAndSet(false, true)) {
            startSweeping();
        }
    }

    /// Keeps ports and addresses up to date for as long as the JVM runs.
    private void startSweeping() {
        // Never shut down: ends with the JVM, as the connections that it watches do.
        @SuppressWarnings("resource")
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("rt-own-ports").daemon().factory());
        timer.execute(() -> Capabilities.dropAll(LibC.load()));
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::sweep,
                        SWEEP_INTERVAL.toMillis(),
                        SWEEP_INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        ports.sweep(System.nanoTime());
        if (++sweepCount % SWEEPS_PER_ADDRESS_REFRESH == 0) {
            refreshAddresses();
        }
    }

    private void refreshAddresses() {
        try {
            addresses = LocalAddresses.ofThisHost();
        } catch (SocketException e) {
            // An interface that went away while it was looked at; the next refresh is soon.
            return;
        }
    }
}
