package dev.ringtail.sensor.capture;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.lane.CaptureChange;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.Lane;
import dev.ringtail.sensor.ledger.CaptureHistory;
import dev.ringtail.sensor.linux.Capabilities;
import dev.ringtail.sensor.linux.HardwareTimestamps;
import dev.ringtail.sensor.linux.InterfaceCounters;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.ring.FanoutGroup;
import dev.ringtail.sensor.ring.SocketOptions;
import dev.ringtail.sensor.ring.TimestampSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The capture of one interface through all that happens to it. Its lanes' numbers and accounts
/// stay for the session; its rings last as long as one attachment does, since a fanout group whose
/// device is gone can't be bound to another.
///
/// Capture thread only, but for [#failure], [#losses] and [#state].
final class InterfaceCapture {
    private static final Logger LOGGER = LoggerFactory.getLogger(InterfaceCapture.class);

    /// Beyond the block timeout: the kernel's timer and a busy machine.
    private static final Duration SETTLE_MARGIN = Duration.ofMillis(50);

    private static final long LOOK_MS = 100;
    private static final String DOWN = "it was down";

    private final CaptureContext context;
    private final InterfaceConfig captured;
    private final List<LaneAccount> accounts = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable FanoutGroup group;
    private @Nullable SocketOptions options;
    private boolean deaf;
    private volatile @Nullable Attachment attachment;
    private @Nullable BpfProgram kernelFilter;
    private @Nullable CaptureChange change;
    private volatile String lastName;
    private volatile boolean up;
    private volatile Losses losses;
    private volatile @Nullable Throwable failure;

    /// Losses of the attachments before, and the counters of the one that there is.
    private record Losses(InterfaceReport earlier, @Nullable InterfaceCounters counters) {
        InterfaceReport sum() {
            return counters == null ? earlier : counters.since(earlier);
        }
    }

    /// @param captured the entry of the configuration that means this interface
    InterfaceCapture(CaptureContext context, InterfaceConfig captured) {
        this.context = context;
        this.captured = captured;
        this.lastName = captured.name();
        this.losses = new Losses(new InterfaceReport(captured.name(), 0L, 0L, 0L, 0L), null);
    }

    InterfaceConfig captured() {
        return captured;
    }

    /// Whether it has an attachment, and is an entry's.
    boolean isAttachedFor(InterfaceConfig entry) {
        return attachment != null && captured.name().equals(entry.name());
    }

    /// The attachment; null while there is none.
    @Nullable Attachment attachment() {
        return attachment;
    }

    /// Name of the interface that was captured last; the entry's own before the first.
    String lastName() {
        return lastName;
    }

    /// How it is getting on. Any thread.
    InterfaceState state() {
        return new InterfaceState(lastName, !captured.isPattern(), attachment != null, up);
    }

    /// What the interface and the kernel lost before the packet sockets while it was captured. Any
    /// thread.
    InterfaceReport losses() {
        return losses.sum();
    }

    int laneCount() {
        return lanes.size();
    }

    /// Why a lane ended that should not have; null while all is well. Any thread.
    @Nullable Throwable failure() {
        return failure;
    }

    /// Opens the rings, deaf, so that an attachment takes no longer than a few system calls.
    ///
    /// @param next what they are to be attached to
    /// @param laneCount count of rings, where there are none yet
    void open(Attachment next, int laneCount) {
        SocketOptions wanted =
                context.config().socketOptions(next.cooked(), next.rules().keepOutgoing());
        if (group != null && !wanted.equals(options)) {
            // Another kind of device has taken the name.
            group.close();
            group = null;
        }
        if (group == null) {
            while (accounts.size() < laneCount) {
                accounts.add(context.lanes().open(descriptor(next)));
            }
            try {
                group =
                        FanoutGroup.open(
                                context.libc(),
                                laneCount,
                                context.config().ring().geometry(),
                                wanted,
                                this::placeRing);
            } finally {
                context.cpus().release();
            }
            options = wanted;
        }
    }

    /// Has the memory of a ring come from the NUMA node of its lane's processor.
    private void placeRing(int ring) {
        context.cpus().pin(accounts.get(ring).counters().lane());
    }

    /// Lets packets of the interface in. Where that fails, all is as it was before, but for the
    /// rings, which are closed: a group of which some members have joined can't be joined again.
    ///
    /// @param next made for this interface
    void attach(Attachment next, int laneCount) {
        open(next, laneCount);
        FanoutGroup rings = Objects.requireNonNull(group);
        try {
            if (context.config().timestamps() == TimestampSource.HARDWARE
                    && !next.target().isAny()) {
                boolean _ = HardwareTimestamps.enable(context.libc(), next.target().name());
            }
            rings.join(next.target());
            makeLanes(next, rings);
            attachment = next;
            lastName = next.target().name();
            up = true;
            losses =
                    new Losses(
                            losses.sum(),
                            new InterfaceCounters(next.target(), context.statistics()));
            // Before the first packet: who reads batches looks their capture up in the ledger.
            long nowNs = CaptureContext.nowNs();
            history().attached(next.report(context.networkNamespaceInode(), nowNs));
            lanes.forEach(this::startThread);
            rings.listen(next.program());
            kernelFilter = next.program();
            history().regained(lastName, nowNs);
        } catch (RuntimeException | Error e) {
            deafen();
            drain(Duration.ZERO);
            awaitEnd();
            history().withdrawn(next.captureId());
            close();
            throw e;
        }
    }

    private void makeLanes(Attachment next, FanoutGroup rings) {
        CaptureDescriptor descriptor = descriptor(next);
        for (int i = 0; i < rings.rings().size(); i++) {
            LaneAccount account = accounts.get(i);
            account.counters().interfaceName(next.target().name());
            account.batches().beginCapture(descriptor);
            lanes.add(context.lanes().lane(account, next, rings.rings().get(i)));
        }
    }

    private void startThread(Lane lane) {
        threads.add(
                Thread.ofPlatform()
                        .name("rt-lane-" + lane.number())
                        .uncaughtExceptionHandler((thread, fault) -> failure = fault)
                        .start(
                                () -> {
                                    Capabilities.dropAll(context.libc());
                                    context.cpus().pin(lane.number());
                                    lane.run();
                                }));
    }

    /// Follows what became of the interface: a new name, down, up again. Its rings stay, since a
    /// packet socket resumes by itself.
    void follow(NetworkInterface now) {
        Attachment current = Objects.requireNonNull(attachment);
        String name = current.target().name();
        long nowNs = CaptureContext.nowNs();
        if (!now.name().equals(name)) {
            LOGGER.atWarn().log("{} is called {} now; capture goes on", name, now.name());
            if (!up) {
                history().regained(name, nowNs);
                history().lost(now.name(), nowNs, DOWN);
            }
            // The lanes follow at their next turn; the kernel has nothing to do.
            requestChange(current.renamed(context.nextCaptureId(), now), "it was renamed");
        }
        if (up && !now.up()) {
            history().lost(now.name(), nowNs, DOWN);
            LOGGER.atWarn().log("{} is down; capture goes on when it is up", now.name());
        } else if (!up && now.up()) {
            history().regained(now.name(), nowNs);
            LOGGER.atWarn().log("{} is up again and captured", now.name());
        }
        up = now.up();
    }

    /// Has the lanes go on under another attachment to the same interface: the first step of
    /// [CaptureChange]. Where it has another filter, [#awaitBegun] and [#replaceFilter] are next.
    ///
    /// @param to how it goes on
    /// @param reason in words
    void requestChange(Attachment to, String reason) {
        Attachment from = Objects.requireNonNull(attachment);
        boolean newFilter = !to.program().equals(from.program());
        // Before the first packet, as in attach.
        long nowNs = CaptureContext.nowNs();
        history().detached(from.captureId(), nowNs, reason);
        history().attached(to.report(context.networkNamespaceInode(), nowNs));
        attachment = to;
        lastName = to.target().name();
        accounts.forEach(a -> a.counters().interfaceName(lastName));
        CaptureChange next =
                new CaptureChange(descriptor(to), newFilter ? to.program() : null, lanes.size());
        change = next;
        lanes.forEach(lane -> lane.change(next));
    }

    /// Waits until the lanes have begun what was requested last.
    ///
    /// @param deadlineNs monotonic time
    /// @return false where one has not by then; a lane that has ended is not waited for
    boolean awaitBegun(long deadlineNs) {
        CaptureChange requested = Objects.requireNonNull(change);
        try {
            while (threads.stream().allMatch(Thread::isAlive)) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                if (requested.awaitBegun(Math.clamp(leftMs, 0, LOOK_MS))) {
                    return true;
                }
                if (leftMs <= 0) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /// Has lanes that are behind begin all the same.
    void beginNow() {
        Objects.requireNonNull(change).beginNow();
    }

    /// Gives the kernel the filter of the attachment, unless it has it, and tells the lanes.
    ///
    /// @throws RuntimeException the kernel's refusal; it then has the filter that it had
    void replaceFilter() {
        BpfProgram wanted = Objects.requireNonNull(attachment).program();
        BpfProgram present = Objects.requireNonNull(kernelFilter);
        if (!wanted.equals(present)) {
            Objects.requireNonNull(group).replaceFilter(wanted, present);
            kernelFilter = wanted;
            awaitPacketsUnderWay();
        }
        Objects.requireNonNull(change).filterReplaced();
    }

    /// Waits until no processor is in the middle of a filter that was replaced: closing any packet
    /// socket waits for an RCU grace period (`synchronize_net` in `packet_release`), and filters
    /// run inside RCU read-side critical sections.
    private void awaitPacketsUnderWay() {
        PacketSocket.open(context.libc()).close();
    }

    /// Notes that the interface is lost: what passes it from now on is not captured.
    ///
    /// @param reason in words
    void lost(String reason) {
        Attachment last = Objects.requireNonNull(attachment);
        ended(reason);
        history().lost(last.target().name(), CaptureContext.nowNs(), reason);
        LOGGER.atWarn().log("{} is captured no more: {}", last.target().name(), reason);
    }

    /// Lets nothing in any more, where the filters are not locked. What the kernel refuses to do is
    /// told, and the rings are then emptied as locked ones.
    void deafen() {
        try {
            deaf = group != null && group.deafen();
        } catch (RuntimeException e) {
            deaf = false;
            LOGGER.atError().log("rings go on filling while they are emptied: {}", e.getMessage());
        }
    }

    /// Asks the lanes to end.
    ///
    /// @param limit beyond the time in which the kernel hands over its last block
    void drain(Duration limit) {
        Duration settleTime = context.config().ring().blockTimeout().duration().plus(SETTLE_MARGIN);
        for (Lane lane : lanes) {
            if (deaf) {
                lane.drain(settleTime, settleTime.plus(limit));
            } else {
                lane.drainLocked(settleTime.plus(limit));
            }
        }
    }

    /// Waits for the lanes to end.
    void awaitEnd() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    // Their rings are freed next, so they must have ended; lanes keep to their
                    // limit.
                    interrupted = true;
                }
            }
        }
        threads.clear();
        lanes.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Notes the end of the attachment, if there is one.
    ///
    /// @param reason in words
    void ended(String reason) {
        if (attachment != null) {
            history().detached(attachment.captureId(), CaptureContext.nowNs(), reason);
        }
    }

    /// Frees the rings. Lanes that still run, because a stop before has failed, are ended first:
    /// they read the rings by address.
    void close() {
        if (!threads.isEmpty()) {
            drain(Duration.ZERO);
            awaitEnd();
        }
        if (group != null) {
            group.close();
            group = null;
        }
        losses = new Losses(losses.sum(), null);
        attachment = null;
    }

    private CaptureDescriptor descriptor(Attachment of) {
        return of.descriptor(context.config().sensorId(), context.ledger().session().sessionId());
    }

    private CaptureHistory history() {
        return context.ledger().captures();
    }
}
