package dev.ringtail.sensor.capture;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.BpfText;
import dev.ringtail.pcap.libpcap.OfflineFilter;
import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.Link;
import dev.ringtail.sensor.linux.LinkEvent;
import dev.ringtail.sensor.linux.LinkMonitor;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.NetworkNamespaceThread;
import dev.ringtail.sensor.linux.NetworkNamespaces;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.ring.BpfMachine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps the interfaces that a configuration means captured, through all that happens to them.
///
/// All of it runs on one thread, the capture thread, which is in the network namespace that is
/// captured: there it opens sockets, compiles filters and watches the links (rtnetlink). The
/// methods here are for other threads and wait for it.
///
/// | what happens to a link | what is done |
/// | --- | --- |
/// | goes down | its rings stay, a gap begins |
/// | comes up | if it is captured, the gap ends; if it is meant, its rings are opened and joined |
/// | gets another name | a new capture id on the same rings; nothing is lost |
/// | is deleted, or moved to another namespace | its rings are emptied and closed, a gap begins |
/// | a new one of a name that is meant | new rings, a new capture id; the gap ends |
public final class CaptureSupervisor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureSupervisor.class);

    /// How often what may have no event is looked at: a namespace that ended, an attachment that
    /// failed.
    private static final int TURN_MS = 1_000;

    private static final String GONE = "it was deleted or moved to another network namespace";

    private final SensorConfig config;
    private final LibC libc;
    private final LanePlacement placement;
    private final NetworkNamespaceThread thread;
    private final LinkMonitor monitor;

    // Below: capture thread only, but for the list, which others may read.
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<Integer, InterfaceCapture> captureByIndex = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final List<InterfaceCapture> captures = new CopyOnWriteArrayList<>();
    private @Nullable CaptureContext context;
    private boolean watching;
    private volatile boolean namespaceEnded;
    private volatile @Nullable Throwable failure;

    private CaptureSupervisor(
            SensorConfig config,
            LibC libc,
            LanePlacement placement,
            NetworkNamespaceThread thread,
            LinkMonitor monitor) {
        this.config = config;
        this.libc = libc;
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
        LanePlacement placement = new LanePlacement(libc, config.cpus());
        CaptureSupervisor supervisor =
                new CaptureSupervisor(config, libc, placement, thread, LinkMonitor.open(libc));
        try {
            supervisor.checkInterfaces();
            MemoryGuard.check(config.ring(), config.laneCount());
            return supervisor;
        } catch (RuntimeException e) {
            supervisor.monitor.close();
            throw e;
        }
    }

    private void checkInterfaces() {
        monitor.dump().forEach(link -> links.put(link.index(), link));
        for (InterfaceConfig meant : config.interfaces()) {
            if (!meant.isPattern()) {
                NetworkInterface target = target(meant);
                if (target.up()) {
                    Attachment _ = Attachment.prepare(config, meant, target, 0);
                } else {
                    checkSyntax(config.filterOf(meant.name()), target);
                }
            }
        }
    }

    /// On an interface that is down a filter can't be compiled for the kernel.
    private static void checkSyntax(String filter, NetworkInterface target) {
        if (!filter.isBlank() && !BpfText.isBytecode(filter)) {
            int linkType = HardwareType.linkType(target.hardwareType()).orElse(LinkType.LINUX_SLL2);
            OfflineFilter.compile(linkType, 0, filter).close();
        }
    }

    private NetworkInterface target(InterfaceConfig meant) {
        return meant.isAny() ? NetworkInterface.any() : NetworkInterface.byName(libc, meant.name());
    }

    /// Opens the rings of the interfaces that are there, deaf.
    public void open(Ledger ledger, LaneFactory lanes) {
        run(
                () -> {
                    CaptureContext made =
                            new CaptureContext(
                                    libc, config, ledger, lanes, placement, thread.inode());
                    context = made;
                    for (InterfaceConfig meant : config.interfaces()) {
                        if (!meant.isPattern()) {
                            open(new InterfaceCapture(made, meant));
                        }
                    }
                });
    }

    private void open(InterfaceCapture capture) {
        captures.add(capture);
        NetworkInterface target = target(capture.captured());
        // The filter can't be compiled on an interface that is down; its rings come with it.
        if (target.up()) {
            capture.open(
                    Attachment.prepare(config, capture.captured(), target, 0),
                    laneCount(capture.captured()));
        }
    }

    private int laneCount(InterfaceConfig meant) {
        return links.values().stream()
                .filter(link -> meant.matches(link.name()))
                .findFirst()
                .map(link -> config.lanesFor(link.rxQueueCount()))
                .orElse(config.mostLanes());
    }

    /// Lets packets in on the interfaces that are up, and watches the links from now on.
    public void start() {
        run(
                () -> {
                    for (InterfaceCapture capture : captures) {
                        begin(capture);
                    }
                    attachWhatIsMeant();
                    watching = true;
                    thread.submit(this::turn);
                });
    }

    private void begin(InterfaceCapture capture) {
        NetworkInterface target = target(capture.captured());
        if (target.up()) {
            attach(capture, target);
        } else {
            ledger().captures().lost(target.name(), CaptureContext.nowNs(), "it was down");
            LOGGER.atWarn().log("{} is down; capture begins when it is up", target.name());
        }
    }

    /// What is captured now, in the order of the configuration. Any thread.
    public List<CaptureStatus> status() {
        return call(() -> captures.stream().flatMap(c -> status(c).stream()).toList());
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

    /// What the interfaces and the kernel lost before the packet sockets. Any thread.
    public List<InterfaceReport> losses() {
        return captures.stream().map(InterfaceCapture::losses).toList();
    }

    /// Why a lane ended, or why the links can't be watched; null while all is well. Any thread.
    public @Nullable Throwable failure() {
        if (failure != null) {
            return failure;
        }
        return captures.stream()
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
    /// what that promises. Either all are replaced or, where one can't be compiled, none.
    ///
    /// @param changed the configuration, of which the filters alone are taken
    /// @return names of the interfaces whose filter is another now
    /// @throws RuntimeException a filter's own, with a message for the user
    public List<String> changeFilters(SensorConfig changed) {
        return call(
                () -> {
                    if (config.lockFilter()) {
                        throw new InvalidConfigException(
                                "lockFilter", "it is on, so no filter can be changed any more");
                    }
                    SensorConfig next = context().config().withFiltersOf(changed);
                    Map<InterfaceCapture, Attachment> changes = new HashMap<>();
                    for (InterfaceCapture capture : captures) {
                        changeOf(capture, next).ifPresent(a -> changes.put(capture, a));
                    }
                    context().config(next);
                    changes.forEach(InterfaceCapture::changeFilter);
                    return changes.values().stream().map(a -> a.target().name()).sorted().toList();
                });
    }

    /// Ends the capture in order: all filters shut, then all rings emptied.
    ///
    /// @param limit for the lanes, beyond the time in which the kernel hands over its last blocks
    public void stop(Duration limit) {
        run(
                () -> {
                    watching = false;
                    captures.forEach(InterfaceCapture::deafen);
                    captures.forEach(c -> c.drain(limit));
                    captures.forEach(InterfaceCapture::awaitEnd);
                    captures.forEach(c -> c.ended("the sensor stopped"));
                });
    }

    /// Frees everything; call [#stop] before.
    @Override
    public void close() {
        run(
                () -> {
                    watching = false;
                    captures.forEach(InterfaceCapture::close);
                    captures.clear();
                    monitor.close();
                });
        thread.close();
    }

    /// One turn of the watch; submits the next, so that what others want done comes in between.
    private void turn() {
        if (!watching) {
            return;
        }
        try {
            for (LinkEvent event : monitor.await(TURN_MS)) {
                switch (event) {
                    case LinkEvent.Changed changed -> follow(changed.link());
                    case LinkEvent.Gone gone -> lose(gone.link().index());
                    case LinkEvent.Overrun _ -> resynchronise();
                }
            }
            if (namespaceIsGone()) {
                endNamespace();
                return;
            }
            attachWhatIsMeant();
        } catch (RuntimeException e) {
            failure = e;
            return;
        }
        thread.submit(this::turn);
    }

    private void follow(Link link) {
        links.put(link.index(), link);
        InterfaceCapture capture = captureByIndex.get(link.index());
        if (capture != null) {
            capture.follow(NetworkInterface.of(link));
        }
    }

    private void lose(int index) {
        links.remove(index);
        InterfaceCapture capture = captureByIndex.remove(index);
        if (capture != null) {
            capture.detach(GONE);
        }
    }

    private void resynchronise() {
        Map<Integer, Link> now = new HashMap<>();
        monitor.dump().forEach(link -> now.put(link.index(), link));
        links.keySet().stream().filter(i -> !now.containsKey(i)).toList().forEach(this::lose);
        now.values().forEach(this::follow);
    }

    private void attachWhatIsMeant() {
        for (InterfaceConfig meant : context().config().interfaces()) {
            links.values().stream()
                    .filter(link -> link.up() && !captureByIndex.containsKey(link.index()))
                    .filter(link -> meant.matches(link.name()))
                    .sorted(Comparator.comparingInt(Link::index))
                    .forEach(link -> captureFor(meant, link).ifPresent(c -> tryAttach(c, link)));
        }
    }

    /// The capture that takes a link on: one of the same name that has none now, another that has
    /// been without one, or a new one while there may be more.
    private Optional<InterfaceCapture> captureFor(InterfaceConfig meant, Link link) {
        List<InterfaceCapture> ofEntry =
                captures.stream().filter(c -> c.captured().name().equals(meant.name())).toList();
        Optional<InterfaceCapture> free =
                ofEntry.stream()
                        .filter(c -> c.attachment() == null)
                        .min(Comparator.comparing(c -> !c.lastName().equals(link.name())));
        if (free.isPresent() && free.get().lastName().equals(link.name())) {
            return free;
        }
        if (!meant.isPattern()) {
            if (free.isEmpty() && told.add(link.name())) {
                LOGGER.atWarn()
                        .log(
                                "{} is not captured: the interface that had this name still is, as"
                                        + " {}",
                                link.name(),
                                ofEntry.getFirst().lastName());
            }
            return free;
        }
        if (captures.stream().filter(c -> c.captured().isPattern()).count()
                < config.maxInterfaces()) {
            InterfaceCapture capture = new InterfaceCapture(context(), meant);
            captures.add(capture);
            return Optional.of(capture);
        }
        if (free.isEmpty() && told.add(link.name())) {
            LOGGER.atWarn()
                    .log(
                            "{} is not captured: {} interfaces are already; raise maxInterfaces",
                            link.name(),
                            config.maxInterfaces());
        }
        return free;
    }

    private void tryAttach(InterfaceCapture capture, Link link) {
        try {
            // Not what the event said but what is so now: it may be gone or down again.
            NetworkInterface target = NetworkInterface.byName(libc, link.name());
            if (target.index() == link.index() && target.up()) {
                attach(capture, target);
                LOGGER.atInfo().log("{} is captured", link.name());
            }
        } catch (RuntimeException e) {
            if (told.add(link.name())) {
                LOGGER.atWarn().log("{} can't be captured yet: {}", link.name(), e.getMessage());
            }
        }
    }

    private void attach(InterfaceCapture capture, NetworkInterface target) {
        int lanes =
                Optional.ofNullable(links.get(target.index()))
                        .map(link -> config.lanesFor(link.rxQueueCount()))
                        .orElse(config.mostLanes());
        capture.attach(
                Attachment.prepare(
                        context().config(), capture.captured(), target, context().nextCaptureId()),
                lanes);
        captureByIndex.put(target.index(), capture);
        told.remove(target.name());
        Optional.ofNullable(links.get(target.index())).ifPresent(this::warnOfSmallBlocks);
    }

    private void warnOfSmallBlocks(Link link) {
        int mostBytes = Math.min(link.largestFrameBytes(), config.snapLength());
        if (mostBytes > config.ring().geometry().maxFrameBytes()) {
            LOGGER.atWarn()
                    .log(
                            "{} can bring frames of {} bytes, and a ring block holds {}: longer"
                                    + " ones are cut; raise ring.blockSize",
                            link.name(),
                            mostBytes,
                            config.ring().geometry().maxFrameBytes());
        }
    }

    private boolean namespaceIsGone() {
        return !config.netns().isEmpty()
                && !NetworkNamespaces.isNamed(config.netns(), thread.inode());
    }

    /// Lets the namespace go: our sockets in it would keep it, and its virtual devices, alive.
    private void endNamespace() {
        for (InterfaceCapture capture : captures) {
            if (capture.attachment() != null) {
                capture.detach("the network namespace " + config.netns() + " ended");
            }
        }
        captureByIndex.clear();
        namespaceEnded = true;
    }

    private Optional<Attachment> changeOf(InterfaceCapture capture, SensorConfig next) {
        Attachment current = capture.attachment();
        if (current == null || next.filterOf(capture.captured().name()).equals(current.filter())) {
            return Optional.empty();
        }
        Attachment changed =
                Attachment.prepare(
                        next, capture.captured(), current.target(), context().nextCaptureId());
        int unanswerable = BpfMachine.unanswerable(changed.program());
        if (unanswerable >= 0) {
            throw new InvalidConfigException(
                    "filter",
                    "it loads SKF_AD_OFF+%d, which packets in a ring can't answer, so it can't"
                                    .formatted(unanswerable)
                            + " replace another while packets come; start the sensor anew");
        }
        return Optional.of(changed);
    }

    private CaptureContext context() {
        return Objects.requireNonNull(context, "open() comes first");
    }

    private Ledger ledger() {
        return context().ledger();
    }

    private void run(Runnable task) {
        call(
                () -> {
                    task.run();
                    return null;
                });
    }

    private <T> T call(Callable<T> task) {
        monitor.wake();
        // An interrupt must not keep a stop from freeing what there is.
        boolean interrupted = Thread.interrupted();
        try {
            return unchecked(() -> thread.call(task));
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
