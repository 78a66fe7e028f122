package dev.ringtail.sensor.capture;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.BpfText;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.pcap.libpcap.OfflineFilter;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.Link;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.ring.BpfMachine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// The links of a network namespace that a configuration means, and the capture of each:
///
/// | what happens to a link | what is done |
/// | --- | --- |
/// | goes down | its rings stay, a gap begins |
/// | comes up | if it is captured, the gap ends; if it is meant, its rings are opened and joined |
/// | gets another name | a new capture id on the same rings; nothing is lost |
/// | is deleted, or moved to another namespace | its rings are emptied and closed, a gap begins |
/// | a new one of a name that is meant | new rings, a new capture id; the gap ends |
///
/// Capture thread only, but for [#captures].
final class CapturedLinks {
    private static final Logger LOGGER = LoggerFactory.getLogger(CapturedLinks.class);

    /// Link types that an interface may have that is not there yet.
    private static final List<Integer> COMMON_LINK_TYPES =
            List.of(
                    LinkType.ETHERNET,
                    LinkType.RAW,
                    LinkType.LINUX_SLL2,
                    LinkType.IEEE802_11,
                    LinkType.IEEE802_11_RADIOTAP);

    private static final String GONE = "it was deleted or moved to another network namespace";
    private static final Duration BACKLOG_LIMIT = Duration.ofSeconds(3);
    private static final Duration DETACH_LIMIT = Duration.ofSeconds(2);

    private final CaptureContext context;
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<Integer, InterfaceCapture> captureByIndex = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final List<InterfaceCapture> captures = new CopyOnWriteArrayList<>();

    /// @param present the links that are there
    CapturedLinks(CaptureContext context, Collection<Link> present) {
        this.context = context;
        present.forEach(link -> links.put(link.index(), link));
    }

    /// Checks what a user may have got wrong: that the interfaces that are named are there, and
    /// that their filters can be compiled. In the network namespace.
    static void check(CaptureTargets targets, SensorConfig config) {
        for (InterfaceConfig meant : config.interfaces()) {
            if (meant.isPattern()) {
                checkSyntax(config.filterOf(meant.name()), COMMON_LINK_TYPES);
                continue;
            }
            NetworkInterface target = targets.named(meant);
            if (target.up()) {
                Attachment _ = Attachment.prepare(config, meant, target, 0);
            } else {
                checkSyntax(
                        config.filterOf(meant.name()),
                        List.of(
                                HardwareType.linkType(target.hardwareType())
                                        .orElse(LinkType.LINUX_SLL2)));
            }
        }
    }

    /// Where there is no interface yet, or it is down, a filter can't be compiled for the kernel.
    ///
    /// @param linkTypes those that the interface may have; one that takes the filter is enough
    private static void checkSyntax(String filter, List<Integer> linkTypes) {
        if (filter.isBlank() || BpfText.isBytecode(filter)) {
            return;
        }
        @Nullable FilterException refusal = null;
        for (int linkType : linkTypes) {
            try {
                OfflineFilter.compile(linkType, 0, filter).close();
                return;
            } catch (FilterException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /// The captures, those that have no attachment too. Any thread.
    List<InterfaceCapture> captures() {
        return captures;
    }

    /// Opens the rings of the interfaces that are named and up, deaf.
    void open() {
        for (InterfaceConfig meant : config().interfaces()) {
            if (!meant.isPattern()) {
                InterfaceCapture capture = new InterfaceCapture(context, meant);
                captures.add(capture);
                NetworkInterface target = context.targets().named(meant);
                // The filter can't be compiled on one that is down; its rings come with it.
                if (target.up()) {
                    capture.open(Attachment.prepare(config(), meant, target, 0), laneCount(target));
                }
            }
        }
    }

    /// Lets packets in on all that is meant and up.
    void begin() {
        for (InterfaceCapture capture : captures) {
            NetworkInterface target = context.targets().named(capture.captured());
            if (target.up()) {
                attach(capture, target);
            } else {
                context.ledger()
                        .captures()
                        .lost(target.name(), CaptureContext.nowNs(), "it was down");
                LOGGER.atWarn().log("{} is down; capture begins when it is up", target.name());
            }
        }
        attachWhatIsMeant();
    }

    /// Follows a link that is new or has changed.
    void follow(Link link) {
        links.put(link.index(), link);
        InterfaceCapture capture = captureByIndex.get(link.index());
        if (capture != null) {
            capture.follow(NetworkInterface.of(link));
        }
    }

    /// Gives up links that are gone.
    void lose(Collection<Integer> indexes) {
        List<InterfaceCapture> lost = new ArrayList<>();
        for (int index : indexes) {
            links.remove(index);
            Optional.ofNullable(captureByIndex.remove(index)).ifPresent(lost::add);
        }
        detach(lost, GONE);
    }

    /// Follows whatever has become of the links, of which no single events are known.
    ///
    /// @param present the links that are there
    void resynchronise(Collection<Link> present) {
        Set<Integer> indexes = new HashSet<>();
        present.forEach(link -> indexes.add(link.index()));
        lose(links.keySet().stream().filter(i -> !indexes.contains(i)).toList());
        present.forEach(this::follow);
    }

    /// Attaches every link that is meant, up, and not captured yet.
    void attachWhatIsMeant() {
        for (InterfaceConfig meant : config().interfaces()) {
            links.values().stream()
                    .filter(link -> link.up() && !captureByIndex.containsKey(link.index()))
                    .filter(link -> meant.matches(link.name()))
                    .filter(link -> !meant.isPattern() || !isNamed(link))
                    .sorted(Comparator.comparingInt(Link::index))
                    .forEach(link -> captureFor(meant, link).ifPresent(c -> tryAttach(c, link)));
        }
    }

    /// Whether an entry names the link, which then is no pattern's, even while its capture fails.
    private boolean isNamed(Link link) {
        return config().interfaces().stream()
                .anyMatch(entry -> !entry.isPattern() && entry.matches(link.name()));
    }

    /// Gives all links up.
    ///
    /// @param reason in words
    void loseAll(String reason) {
        detach(captures.stream().filter(c -> c.attachment() != null).toList(), reason);
        captureByIndex.clear();
    }

    /// Ends all captures in order: all filters shut, then all rings emptied.
    ///
    /// @param limit for the lanes, beyond the time in which the kernel hands over its last blocks
    void stop(Duration limit) {
        drain(captures, limit);
        captures.forEach(c -> c.ended("the sensor stopped"));
    }

    /// Frees everything; call [#stop] before.
    void close() {
        captures.forEach(InterfaceCapture::close);
        captures.clear();
    }

    /// Replaces filters while packets come: all, or where one is refused, none.
    ///
    /// @param changed the configuration, of which the filters alone are taken
    /// @return names of the interfaces whose filter is another now
    List<String> changeFilters(SensorConfig changed) {
        if (config().lockFilter()) {
            throw new InvalidConfigException(
                    "lockFilter", "it is on, so no filter can be changed any more");
        }
        if (!meant(changed).equals(meant(config()))) {
            throw new InvalidConfigException(
                    "interfaces",
                    "other interfaces need a new start; no filter was changed either");
        }
        changed.interfaces().stream()
                .filter(i -> !changed.filterOf(i.name()).equals(config().filterOf(i.name())))
                .filter(i -> captures.stream().noneMatch(c -> c.isAttachedFor(i)))
                .forEach(i -> checkSyntax(changed.filterOf(i.name()), COMMON_LINK_TYPES));
        SensorConfig next = config().withFiltersOf(changed);
        Map<InterfaceCapture, Attachment> changes = new LinkedHashMap<>();
        for (InterfaceCapture capture : captures) {
            changeOf(capture, next).ifPresent(a -> changes.put(capture, a));
        }
        apply(changes);
        context.config(next);
        return changes.values().stream().map(a -> a.target().name()).sorted().toList();
    }

    /// What is captured, whatever the filters.
    private static List<InterfaceConfig> meant(SensorConfig of) {
        return of.interfaces().stream().map(entry -> entry.withFilter(null)).toList();
    }

    private void apply(Map<InterfaceCapture, Attachment> changes) {
        Map<InterfaceCapture, Attachment> before = new LinkedHashMap<>();
        changes.forEach(
                (capture, next) -> {
                    before.put(capture, Objects.requireNonNull(capture.attachment()));
                    capture.requestChange(next, "its filter was changed");
                });
        awaitBegun(changes.keySet());
        try {
            changes.keySet().forEach(InterfaceCapture::replaceFilter);
        } catch (RuntimeException e) {
            goBack(before, e);
            throw e;
        }
    }

    private void goBack(Map<InterfaceCapture, Attachment> before, RuntimeException refusal) {
        before.forEach(
                (capture, old) ->
                        capture.requestChange(
                                old.renamed(context.nextCaptureId(), old.target()),
                                "its filter could not be changed"));
        awaitBegun(before.keySet());
        for (InterfaceCapture capture : before.keySet()) {
            try {
                capture.replaceFilter();
            } catch (RuntimeException e) {
                refusal.addSuppressed(e);
            }
        }
    }

    /// Waits for the lanes of all captures together: first until they have read what came before
    /// the change, and where they are too far behind for that, until they have begun it at all.
    private static void awaitBegun(Collection<InterfaceCapture> changing) {
        if (!awaitBegun(changing, deadlineNs())) {
            LOGGER.atWarn().log("lanes are behind; what is in their rings is filtered anew");
            changing.forEach(InterfaceCapture::beginNow);
            boolean _ = awaitBegun(changing, deadlineNs());
        }
    }

    private static boolean awaitBegun(Collection<InterfaceCapture> changing, long deadlineNs) {
        boolean all = true;
        for (InterfaceCapture capture : changing) {
            all &= capture.awaitBegun(deadlineNs);
        }
        return all;
    }

    private static long deadlineNs() {
        return System.nanoTime() + BACKLOG_LIMIT.toNanos();
    }

    private Optional<Attachment> changeOf(InterfaceCapture capture, SensorConfig next) {
        Attachment current = capture.attachment();
        if (current == null || next.filterOf(capture.captured().name()).equals(current.filter())) {
            return Optional.empty();
        }
        Attachment changed =
                Attachment.prepare(
                        next, capture.captured(), current.target(), context.nextCaptureId());
        BpfMachine.unanswerable(changed.program())
                .ifPresent(
                        load -> {
                            throw new InvalidConfigException(
                                    "filter",
                                    "it loads from 0x%x, which packets in a ring can't answer, so it can't replace another while packets come; start the sensor anew"
                                            .formatted(load.k()));
                        });
        return Optional.of(changed);
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
                < config().maxInterfaces()) {
            InterfaceCapture capture = new InterfaceCapture(context, meant);
            captures.add(capture);
            return Optional.of(capture);
        }
        if (free.isEmpty() && told.add(link.name())) {
            LOGGER.atWarn()
                    .log(
                            "{} is not captured: {} interfaces are already; raise maxInterfaces",
                            link.name(),
                            config().maxInterfaces());
        }
        return free;
    }

    private void tryAttach(InterfaceCapture capture, Link link) {
        try {
            // Not what the event said but what is so now: it may be gone or down again.
            NetworkInterface target = context.targets().named(link.name());
            if (target.index() == link.index() && target.up()) {
                attach(capture, target);
                LOGGER.atWarn().log("{} is captured", link.name());
            }
        } catch (RuntimeException e) {
            if (told.add(link.name())) {
                LOGGER.atWarn().log("{} can't be captured yet: {}", link.name(), e.getMessage());
            }
        }
    }

    private void attach(InterfaceCapture capture, NetworkInterface target) {
        capture.attach(
                Attachment.prepare(config(), capture.captured(), target, context.nextCaptureId()),
                laneCount(target));
        captureByIndex.put(target.index(), capture);
        told.remove(target.name());
        Optional.ofNullable(links.get(target.index())).ifPresent(this::warnOfSmallBlocks);
    }

    private int laneCount(NetworkInterface target) {
        return Optional.ofNullable(links.get(target.index()))
                .map(link -> config().lanesFor(link.rxQueueCount()))
                .orElse(config().mostLanes());
    }

    private void warnOfSmallBlocks(Link link) {
        int mostBytes = Math.min(link.largestFrameBytes(), config().snapLength());
        if (mostBytes > config().ring().geometry().maxFrameBytes()) {
            LOGGER.atWarn()
                    .log(
                            "{} can bring frames of {} bytes, and a ring block holds {}: longer"
                                    + " ones are cut; raise ring.blockSize",
                            link.name(),
                            mostBytes,
                            config().ring().geometry().maxFrameBytes());
        }
    }

    private static void detach(List<InterfaceCapture> lost, String reason) {
        lost.forEach(c -> c.lost(reason));
        drain(lost, DETACH_LIMIT);
        lost.forEach(InterfaceCapture::close);
    }

    /// Shuts all before any is emptied, so that they take no longer than one.
    private static void drain(List<InterfaceCapture> ended, Duration limit) {
        ended.forEach(InterfaceCapture::deafen);
        ended.forEach(c -> c.drain(limit));
        ended.forEach(InterfaceCapture::awaitEnd);
    }

    private SensorConfig config() {
        return context.config();
    }
}
