package dev.ringtail.sensor.capture;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.sensor.config.CpuList;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.lane.CaptureChange;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.Lane;
import dev.ringtail.sensor.ledger.CaptureHistory;
import dev.ringtail.sensor.linux.Capabilities;
import dev.ringtail.sensor.linux.CpuAffinity;
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

/// The capture of one interface through all that happens to it. Its lanes' numbers and accounts
/// stay for the session; its rings last as long as one attachment does, since a fanout group whose
/// device is gone can't be bound to another.
///
/// Capture thread only, but for [#failure].
final class InterfaceCapture {
    private static final Logger LOGGER = LoggerFactory.getLogger(InterfaceCapture.class);

    /// Beyond the block timeout: the kernel's timer and a busy machine.
    private static final Duration SETTLE_MARGIN = Duration.ofMillis(50);

    private static final Duration DETACH_LIMIT = Duration.ofSeconds(2);
    private static final long CHANGE_TIMEOUT_MS = 5_000;

    private final CaptureContext context;
    private final InterfaceConfig captured;
    private final List<LaneAccount> accounts = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable FanoutGroup group;
    private @Nullable SocketOptions options;
    private boolean deaf;
    private @Nullable Attachment attachment;
    private String lastName;
    private boolean up;
    private volatile InterfaceReport earlierLosses;
    private volatile @Nullable InterfaceCounters counters;
    private volatile @Nullable Throwable failure;

    /// @param captured the entry of the configuration that means this interface
    InterfaceCapture(CaptureContext context, InterfaceConfig captured) {
        this.context = context;
        this.captured = captured;
        this.lastName = captured.name();
        this.earlierLosses = new InterfaceReport(captured.name(), 0L, 0L, 0L, 0L);
    }

    InterfaceConfig captured() {
        return captured;
    }

    /// The attachment; null while there is none.
    @Nullable Attachment attachment() {
        return attachment;
    }

    /// Name of the interface that was captured last; the entry's own before the first.
    String lastName() {
        return lastName;
    }

    /// What the interface and the kernel lost before the packet sockets while it was captured. Any
    /// thread.
    InterfaceReport losses() {
        InterfaceCounters current = counters;
        return current == null ? earlierLosses : current.since(earlierLosses);
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
    /// @param laneCount count of rings
    void open(Attachment next, int laneCount) {
        SocketOptions wanted =
                context.config().socketOptions(next.cooked(), next.rules().keepOutgoing());
        if (group != null && !wanted.equals(options)) {
            // Another kind of device has taken the name.
            group.close();
            group = null;
        }
        if (group == null) {
            group =
                    FanoutGroup.open(
                            context.libc(), laneCount, context.config().ring().geometry(), wanted);
            options = wanted;
        }
    }

    /// Lets packets of the interface in.
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
        } catch (RuntimeException e) {
            // Some members may have joined: such a group can't be joined again.
            close();
            throw e;
        }
        CaptureDescriptor descriptor = descriptor(next);
        for (int i = 0; i < laneCount; i++) {
            if (i == accounts.size()) {
                accounts.add(context.lanes().open(descriptor));
            }
            LaneAccount account = accounts.get(i);
            account.counters().interfaceName(next.target().name());
            account.batches().beginCapture(descriptor);
            lanes.add(context.lanes().lane(account, next, rings.rings().get(i)));
        }
        attachment = next;
        lastName = next.target().name();
        up = true;
        counters = new InterfaceCounters(next.target(), context.statistics());
        lanes.forEach(this::startThread);
        try {
            rings.listen(next.program());
        } catch (RuntimeException e) {
            drain(Duration.ZERO);
            awaitEnd();
            close();
            throw e;
        }
        history().attached(next.report(context.networkNamespaceInode(), CaptureContext.nowNs()));
    }

    private void startThread(Lane lane) {
        threads.add(
                Thread.ofPlatform()
                        .name("rt-lane-" + lane.number())
                        .uncaughtExceptionHandler((thread, fault) -> failure = fault)
                        .start(
                                () -> {
                                    Capabilities.dropAll(context.libc());
                                    pin(lane.number());
                                    lane.run();
                                }));
    }

    private void pin(int lane) {
        CpuList cpus = context.config().cpus();
        if (!cpus.cpus().isEmpty()) {
            CpuAffinity.pin(context.libc(), cpus.ofLane(lane));
        }
    }

    /// Follows what became of the interface: a new name, down, up again. Its rings stay, since a
    /// packet socket resumes by itself.
    void follow(NetworkInterface now) {
        Attachment current = Objects.requireNonNull(attachment);
        String name = current.target().name();
        if (up && !now.up()) {
            history().lost(name, CaptureContext.nowNs(), "it was down");
            LOGGER.atWarn().log("{} is down; capture goes on when it is up", name);
        } else if (!up && now.up()) {
            history().regained(name, CaptureContext.nowNs());
            LOGGER.atInfo().log("{} is up again and captured", name);
        }
        up = now.up();
        if (!now.name().equals(name)) {
            LOGGER.atInfo().log("{} is called {} now; capture goes on", name, now.name());
            change(current.renamed(context.nextCaptureId(), now), "it was renamed");
        }
    }

    /// Replaces the filter while packets come.
    void changeFilter(Attachment next) {
        change(next, "its filter was changed");
    }

    private void change(Attachment next, String reason) {
        Attachment current = Objects.requireNonNull(attachment);
        FanoutGroup rings = Objects.requireNonNull(group);
        boolean newFilter = !next.program().equals(current.program());
        CaptureChange change =
                new CaptureChange(
                        descriptor(next), newFilter ? next.program() : null, lanes.size());
        lanes.forEach(lane -> lane.change(change));
        awaitBegun(change);
        if (newFilter) {
            rings.replaceFilter(next.program());
            awaitPacketsUnderWay();
            change.filterReplaced();
        }
        long nowNs = CaptureContext.nowNs();
        history().detached(current.captureId(), nowNs, reason);
        history().attached(next.report(context.networkNamespaceInode(), nowNs));
        accounts.forEach(a -> a.counters().interfaceName(next.target().name()));
        attachment = next;
    }

    private void awaitBegun(CaptureChange change) {
        try {
            if (!change.awaitBegun(CHANGE_TIMEOUT_MS)) {
                // A lane that has ended: its failure ends the sensor.
                LOGGER.atWarn().log("a lane did not follow the change of its capture");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until no processor is in the middle of a filter that was replaced: closing any packet
    /// socket waits for an RCU grace period (`synchronize_net` in `packet_release`), and filters
    /// run inside RCU read-side critical sections.
    private void awaitPacketsUnderWay() {
        PacketSocket.open(context.libc()).close();
    }

    /// Gives the interface up: its rings are emptied and closed. What passes it from now on is not
    /// captured.
    ///
    /// @param reason in words
    void detach(String reason) {
        Attachment last = Objects.requireNonNull(attachment);
        long nowNs = CaptureContext.nowNs();
        history().detached(last.captureId(), nowNs, reason);
        history().lost(last.target().name(), nowNs, reason);
        deafen();
        drain(DETACH_LIMIT);
        awaitEnd();
        close();
        LOGGER.atWarn().log("{} is captured no more: {}", last.target().name(), reason);
    }

    /// Lets nothing in any more, where the filters are not locked.
    void deafen() {
        deaf = group != null && group.deafen();
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

    /// Notes the end of the attachment at a stop of the sensor.
    void ended() {
        if (attachment != null) {
            history()
                    .detached(attachment.captureId(), CaptureContext.nowNs(), "the sensor stopped");
        }
    }

    /// Frees the rings; the lanes must have ended.
    void close() {
        if (group != null) {
            group.close();
            group = null;
        }
        earlierLosses = losses();
        counters = null;
        attachment = null;
    }

    private CaptureDescriptor descriptor(Attachment of) {
        return of.descriptor(context.config().sensorId(), context.ledger().session().sessionId());
    }

    private CaptureHistory history() {
        return context.ledger().captures();
    }
}
