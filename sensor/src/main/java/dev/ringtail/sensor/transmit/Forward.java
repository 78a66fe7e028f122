package dev.ringtail.sensor.transmit;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.sensor.ring.FanoutGroup;
import dev.ringtail.sensor.ring.KernelFilter;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.SocketOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// A running tap: the ring of one interface, a thread that forwards, a target.
///
/// [#open] makes everything that can fail before the first packet, [#start] lets packets in,
/// [#stop] drains: the filter is shut, what the kernel counted is read and sent, then all is
/// closed. There is one ring, so packets keep their order. The thread that opens decides the
/// network namespace.
final class Forward implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Forward.class);

    /// 128 MiB. A packet waits in its block for at most 10 ms, and 512 blocks of those outlive a
    /// stall of 5 s.
    private static final RingGeometry GEOMETRY = new RingGeometry(256 << 10, 512, 10);

    /// Beyond the block timeout: the kernel's timer and a busy machine.
    private static final Duration SETTLE_TIME =
            Duration.ofMillis(GEOMETRY.blockTimeoutMs()).plusMillis(50);

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private static final int FIRST_PROBES = 3;
    private static final int PROBE_WAIT_MS = 100;
    private static final long PROBE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);

    /// What to forward.
    ///
    /// @param filter tcpdump's language; empty for everything
    /// @param snapLength most bytes kept of a packet
    /// @param keepOutgoing whether packets that this host sends are forwarded too
    /// @param vni VXLAN network identifier, for UDP
    record Plan(
            NetworkInterface source,
            Destination destination,
            String filter,
            int snapLength,
            boolean keepOutgoing,
            int vni) {}

    private final Plan plan;
    private final FrameTarget target;
    private final FanoutGroup group;
    private final @Nullable LoopProbe probe;
    private final BpfProgram filter;
    private final ForwardCounters counters;
    private final Forwarder forwarder;
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private Instant startTime = Instant.EPOCH;
    private long nextProbeNs;

    private Forward(
            Plan plan,
            FrameTarget target,
            FanoutGroup group,
            @Nullable LoopProbe probe,
            BpfProgram filter,
            ForwardCounters counters) {
        this.plan = plan;
        this.target = target;
        this.group = group;
        this.probe = probe;
        this.filter = filter;
        this.counters = counters;
        this.forwarder =
                new Forwarder(group.rings().getFirst(), target, counters, plan.keepOutgoing());
        this.thread =
                Thread.ofPlatform()
                        .name("rt-forward")
                        .uncaughtExceptionHandler((t, fault) -> failure = fault)
                        .unstarted(forwarder);
    }

    /// Opens target and ring, deaf, and makes sure that what is sent does not come back.
    ///
    /// @throws InvalidConfigException where the two do not suit each other, or are connected
    /// @throws RuntimeException one of the packages' own, with a message for the user
    static Forward open(LibC libc, Plan plan) {
        PacketSocket.checkAllowed(libc);
        int linkType = InterfaceTarget.linkTypeOf(plan.source());
        BpfProgram filter =
                KernelFilter.compile(
                        plan.source().name(),
                        plan.filter(),
                        Math.min(plan.snapLength(), GEOMETRY.maxFrameBytes()),
                        plan.keepOutgoing());
        TransmitCounters frames = new TransmitCounters();
        @Nullable FrameTarget target = null;
        @Nullable FanoutGroup group = null;
        @Nullable LoopProbe probe = null;
        try {
            target = openTarget(libc, plan, frames);
            if (target.linkType() != linkType) {
                throw new InvalidConfigException(
                        "--to",
                        "%s takes link type %s, and %s has %s"
                                .formatted(
                                        plan.destination(),
                                        LinkType.name(target.linkType()),
                                        plan.source().name(),
                                        LinkType.name(linkType)));
            }
            group = FanoutGroup.open(libc, 1, GEOMETRY, SocketOptions.PROMISCUOUS);
            group.join(plan.source());
            probe = openProbe(libc, plan, linkType);
            if (probe != null) {
                refuseLoop(plan, probe);
            }
            return new Forward(plan, target, group, probe, filter, new ForwardCounters(frames));
        } catch (RuntimeException e) {
            closeAll(probe, group, target);
            throw e;
        }
    }

    private static FrameTarget openTarget(LibC libc, Plan plan, TransmitCounters frames) {
        return switch (plan.destination()) {
            case Destination.Udp udp -> UdpTarget.open(libc, udp.address(), plan.vni(), frames);
            case Destination.Interface to -> {
                NetworkInterface target = NetworkInterface.byName(libc, to.name());
                if (target.index() == plan.source().index()) {
                    throw new InvalidConfigException(
                            "--to", to.name() + " is the interface that is captured");
                }
                yield InterfaceTarget.open(libc, target, true, frames);
            }
        };
    }

    /// Null where there is nothing to be asked: datagrams are recognised, and without a link header
    /// there is no frame that would be flooded.
    private static @Nullable LoopProbe openProbe(LibC libc, Plan plan, int linkType) {
        if (linkType != LinkType.ETHERNET
                || !(plan.destination() instanceof Destination.Interface to)) {
            return null;
        }
        NetworkInterface target = NetworkInterface.byName(libc, to.name());
        return LoopProbe.open(libc, plan.source(), target, plan.keepOutgoing());
    }

    private static void refuseLoop(Plan plan, LoopProbe probe) {
        for (int i = 0; i < FIRST_PROBES; i++) {
            probe.send();
            if (probe.returned(PROBE_WAIT_MS)) {
                throw new InvalidConfigException("--to", loop(plan));
            }
        }
    }

    private static String loop(Plan plan) {
        return "what is sent out of %s comes back at %s; it would be forwarded for ever"
                .formatted(plan.destination(), plan.source().name());
    }

    /// Starts the thread, then lets packets in.
    void start() {
        startTime = Instant.now();
        nextProbeNs = System.nanoTime() + PROBE_INTERVAL_NS;
        thread.start();
        group.listen(filter);
    }

    /// Looks whether all is well, and now and then whether there is a loop since the start. By the
    /// thread that opened this, several times a second.
    ///
    /// @return why forwarding has to end; null while all is well
    @Nullable Throwable check() {
        if (probe != null && probe.returned(0)) {
            return new TransmitException(loop(plan), null);
        }
        if (probe != null && System.nanoTime() - nextProbeNs >= 0) {
            nextProbeNs = System.nanoTime() + PROBE_INTERVAL_NS;
            sendProbe(probe);
        }
        return failure();
    }

    private static void sendProbe(LoopProbe probe) {
        try {
            probe.send();
        } catch (SyscallException e) {
            // The target is down or gone; the sink meets the same, and counts it.
            LOGGER.atDebug().addKeyValue("error", e.getMessage()).log("no loop probe was sent");
        }
    }

    /// Why nothing is forwarded any more; null while all is well.
    @Nullable Throwable failure() {
        return failure == null ? target.sink().failure() : failure;
    }

    /// Ends the tap in order.
    ///
    /// @return what became of the packets
    ForwardReport stop() {
        group.deafen();
        forwarder.drain(SETTLE_TIME, SETTLE_TIME.plus(DRAIN_LIMIT));
        join();
        return new ForwardReport(
                plan.source().name(),
                plan.destination().toString(),
                startTime,
                Instant.now(),
                counters);
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The ring is freed next, so the thread must have ended; it keeps to its limit.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Frees everything. A thread that still runs, because [#stop] has failed or was not called, is
    /// ended first: it reads the ring by address.
    @Override
    public void close() {
        if (thread.isAlive()) {
            forwarder.drain(Duration.ZERO, Duration.ZERO);
            join();
        }
        closeAll(probe, group, target);
    }

    private static void closeAll(
            @Nullable LoopProbe probe, @Nullable FanoutGroup group, @Nullable FrameTarget target) {
        if (probe != null) {
            probe.close();
        }
        if (group != null) {
            group.close();
        }
        if (target != null) {
            target.close();
        }
    }
}
