package dev.ringtail.sensor.capture;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.Link;
import dev.ringtail.sensor.linux.LinkEvent;
import dev.ringtail.sensor.linux.LinkMonitor;
import dev.ringtail.sensor.linux.LinkStatistics;
import dev.ringtail.sensor.linux.NetworkNamespaceThread;
import dev.ringtail.sensor.linux.NetworkNamespaces;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.SyscallException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// Keeps the interfaces that a configuration means captured, see [CapturedLinks].
///
/// All of it runs on one thread, the capture thread, which is in the network namespace that is
/// captured: there it opens sockets, compiles filters and watches the links (rtnetlink). The
/// methods here are for other threads and wait for it.
public final class CaptureSupervisor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureSupervisor.class);

    /// How often what may have no event is looked at: a namespace that ended, an attachment that
    /// failed.
    private static final int TURN_MS = 1_000;

    /// Turns in a row in which the kernel may refuse to list the links, as it does while they
    /// change all the time.
    private static final int MAX_FAILED_DUMPS = 30;

    private final SensorConfig config;
    private final CaptureTargets targets;
    private final LanePlacement placement;
    private final NetworkNamespaceThread thread;
    private final LinkMonitor monitor;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Below: written by the capture thread alone.
    private @Nullable LinkStatistics statistics;
    private volatile @Nullable CapturedLinks captured;
    private boolean watching;
    private boolean mustDump;
    private int failedDumps;
    private volatile boolean namespaceEnded;
    private volatile @Nullable Throwable failure;

    private CaptureSupervisor(
            SensorConfig config,
            CaptureTargets targets,
            LanePlacement placement,
            NetworkNamespaceThread thread,
            LinkMonitor monitor) {
        this.config = config;
        this.targets = targets;
        this.placement = placement;
        this.thread = thread;
        this.monitor = monitor;
    }

    /// Enters the network namespace and checks, before anything else is set up, what a user may
    /// have got wrong: the right to capture, the interfaces, their filters, the memory.
    ///
    /// @throws RuntimeException one of the packages' own, with a message for the user
    public static CaptureSupervisor prepare(SensorConfig config) {
        LibC libc = LibC.load();
        NetworkNamespaceThread thread =
                unchecked(() -> NetworkNamespaceThread.start(libc, config.netns()));
        try {
            return unchecked(() -> thread.call(() -> prepareHere(config, libc, thread)));
        } catch (RuntimeException e) {
            thread.close();
            throw e;
        }
    }

    private static CaptureSupervisor prepareHere(
            SensorConfig config, LibC libc, NetworkNamespaceThread thread) {
        PacketSocket.checkAllowed(libc);
        CaptureTargets targets = new CaptureTargets(libc);
        CapturedLinks.check(targets, config);
        LanePlacement placement = new LanePlacement(libc, config.cpus());
        MemoryGuard.check(config.ring(), config.laneCount());
        return new CaptureSupervisor(config, targets, placement, thread, LinkMonitor.open(libc));
    }

    /// Opens the rings of the interfaces that are there, deaf.
    public void open(Ledger ledger, LaneFactory lanes) {
        run(
                () -> {
                    LinkStatistics opened = LinkStatistics.open(targets.libc());
                    statistics = opened;
                    CaptureContext context =
                            new CaptureContext(
                                    config,
                                    targets,
                                    ledger,
                                    lanes,
                                    placement,
                                    opened,
                                    thread.inode());
                    CapturedLinks links = new CapturedLinks(context, monitor.dump());
                    captured = links;
                    links.open();
                });
    }

    /// Lets packets in on the interfaces that are up, and watches the links from now on.
    public void start() {
        run(
                () -> {
                    // What happened since the rings were opened is in the list as it is now.
                    List<LinkEvent> _ = monitor.await(0);
                    captured().resynchronise(monitor.dump());
                    captured().begin();
                    watching = true;
                    watchOn();
                });
    }

    /// What is captured now, in the order of the configuration. Any thread.
    public List<CaptureStatus> status() {
        return call(() -> captured().captures().stream().flatMap(c -> status(c).stream()).toList());
    }

    private static Optional<CaptureStatus> status(InterfaceCapture capture) {
        Attachment attachment = capture.attachment();
        return attachment == null
                ? Optional.empty()
                : Optional.of(
                        new CaptureStatus(
                                attachment.target().name(),
                                attachment.linkType(),
                                capture.laneCount(),
                                attachment.snapLength(),
                                attachment.rules().keepOutgoing()));
    }

    /// How the captures are getting on, in the order of the configuration: those of the interfaces
    /// that it names, and those that patterns have found and that are there. Any thread, at once.
    public List<InterfaceState> interfaces() {
        return captured().captures().stream()
                .map(InterfaceCapture::state)
                .filter(state -> state.named() || state.attached())
                .toList();
    }

    /// What the interfaces and the kernel lost before the packet sockets. Any thread.
    public List<InterfaceReport> losses() {
        return captured().captures().stream().map(InterfaceCapture::losses).toList();
    }

    /// Why a lane ended, or why the links can't be watched; null while all is well. Any thread.
    public @Nullable Throwable failure() {
        CapturedLinks links = captured;
        if (failure != null || links == null) {
            return failure;
        }
        return links.captures().stream()
                .map(InterfaceCapture::failure)
                .filter(f -> f != null)
                .findFirst()
                .orElse(null);
    }

    /// Whether the network namespace that was to be captured is there no more, and all in it was
    /// let go. Any thread.
    public boolean namespaceEnded() {
        return namespaceEnded;
    }

    /// Replaces the filters while packets come; see [dev.ringtail.sensor.lane.CaptureChange] for
    /// what that promises. Either all are replaced or, where one is refused, none.
    ///
    /// @param changed the configuration, of which the filters alone are taken
    /// @return names of the interfaces whose filter is another now
    /// @throws RuntimeException a filter's own, or the kernel's, with a message for the user
    public List<String> changeFilters(SensorConfig changed) {
        return call(() -> captured().changeFilters(changed));
    }

    /// Ends the capture in order: all filters shut, then all rings emptied.
    ///
    /// @param limit for the lanes, beyond the time in which the kernel hands over its last blocks
    public void stop(Duration limit) {
        run(
                () -> {
                    watching = false;
                    captured().stop(limit);
                });
    }

    /// Frees everything; call [#stop] before. Does nothing the second time.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            run(this::free);
        } finally {
            thread.close();
        }
    }

    private void free() {
        watching = false;
        if (captured != null) {
            captured.close();
        }
        if (statistics != null) {
            statistics.close();
        }
        monitor.close();
    }

    /// One turn of the watch; submits the next, so that what others want done comes in between.
    private void turn() {
        if (!watching) {
            return;
        }
        try {
            follow(monitor.await(TURN_MS));
            if (mustDump) {
                dump();
            }
            if (namespaceIsGone()) {
                // Our sockets in it would keep it, and its virtual devices, alive.
                captured().loseAll("the network namespace " + config.netns() + " ended");
                namespaceEnded = true;
                return;
            }
            captured().attachWhatIsMeant();
            watchOn();
        } catch (Throwable e) {
            // An Error too: nobody else would see that the watch has ended.
            failure = e;
        }
    }

    /// Links that go away in one go are given up together, as each costs the time to empty a ring.
    private void follow(List<LinkEvent> events) {
        Set<Integer> gone = new LinkedHashSet<>();
        for (LinkEvent event : events) {
            switch (event) {
                case LinkEvent.Changed changed -> {
                    if (gone.contains(changed.link().index())) {
                        captured().lose(gone);
                        gone.clear();
                    }
                    captured().follow(changed.link());
                }
                case LinkEvent.Gone lost -> gone.add(lost.link().index());
                case LinkEvent.Overrun _ -> mustDump = true;
            }
        }
        captured().lose(gone);
    }

    private void dump() {
        try {
            List<Link> present = monitor.dump();
            mustDump = false;
            failedDumps = 0;
            captured().resynchronise(present);
        } catch (SyscallException e) {
            if (++failedDumps >= MAX_FAILED_DUMPS) {
                throw e;
            }
            LOGGER.atWarn().log("the links can't be listed yet: {}", e.getMessage());
        }
    }

    private void watchOn() {
        Future<?> _ =
                thread.submit(
                        () -> {
                            turn();
                            return null;
                        });
    }

    private boolean namespaceIsGone() {
        return !config.netns().isEmpty()
                && !NetworkNamespaces.isNamed(config.netns(), thread.inode());
    }

    private CapturedLinks captured() {
        return Objects.requireNonNull(captured, "open() comes first");
    }

    private void run(Runnable task) {
        call(
                () -> {
                    task.run();
                    return null;
                });
    }

    private <T> T call(Callable<T> task) {
        // An interrupt must not keep a stop from freeing what there is.
        boolean interrupted = Thread.interrupted();
        try {
            Future<T> submitted = thread.submit(task);
            // After it is in the queue, or the turn that this ends might be followed by another.
            monitor.wake();
            return unchecked(() -> NetworkNamespaceThread.result(submitted));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T unchecked(Callable<T> task) {
        try {
            return task.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
