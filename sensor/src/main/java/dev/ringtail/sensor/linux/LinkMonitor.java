package dev.ringtail.sensor.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The links of a network namespace, and what happens to them
/// ([rtnetlink(7)](https://man7.org/linux/man-pages/man7/rtnetlink.7.html), group RTMGRP_LINK).
/// Needs no capability.
///
/// Opened, then [#dump]ed, then [#await]ed, so that no change falls between: what changes after the
/// opening is told by an event. An event may be older than the dump; they come in order, so the
/// last one about a link is right.
///
/// It belongs to the namespace that the opening thread is in, wherever it is used. One thread at a
/// time, but for [#wake].
public final class LinkMonitor implements AutoCloseable {
    private static final int NOTIFICATIONS = 0;
    private static final int WAKE_UP = 1;
    private static final int DUMP_ATTEMPTS = 10;

    /// More events than this at once count as an overrun: a dump is then less work.
    private static final int MAX_EVENTS = 1 << 16;

    private final Arena arena;
    private final NetlinkSocket requests;
    private final NetlinkSocket notifications;
    private final EventFd wakeUp;
    private final PollSet pollSet;
    private boolean closed;

    private LinkMonitor(
            LibC libc, NetlinkSocket requests, NetlinkSocket notifications, EventFd wakeUp) {
        this.arena = Arena.ofShared();
        this.requests = requests;
        this.notifications = notifications;
        this.wakeUp = wakeUp;
        this.pollSet = new PollSet(libc, arena, notifications.fd(), wakeUp.fd());
    }

    /// Begins to watch the links of the calling thread's network namespace.
    public static LinkMonitor open(LibC libc) {
        EventFd wakeUp = EventFd.open(libc);
        NetlinkSocket requests = null;
        try {
            requests = NetlinkSocket.open(libc, 0);
            return new LinkMonitor(
                    libc, requests, NetlinkSocket.open(libc, NetlinkConstants.RTMGRP_LINK), wakeUp);
        } catch (SyscallException e) {
            if (requests != null) {
                requests.close();
            }
            wakeUp.close();
            throw e;
        }
    }

    /// The links as they are now, in the kernel's order.
    ///
    /// @throws SyscallException EINTR where they change so fast that no dump was whole
    public List<Link> dump() {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment request = LinkMessages.dumpRequest(confined);
            for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
                List<Link> links = new ArrayList<>();
                if (requests.dump(
                        NetlinkConstants.RTM_GETLINK,
                        request,
                        message -> LinkMessages.link(message.body()).ifPresent(links::add))) {
                    return links;
                }
            }
        }
        throw new SyscallException(
                "dump of the links (RTM_GETLINK)",
                Errno.EINTR.number(),
                "interfaces changed during each of %d dumps; try again".formatted(DUMP_ATTEMPTS));
    }

    /// Waits until something happens, but no longer than `timeoutMs` milliseconds, and returns what
    /// has happened since the call before, in order; nothing after the time, or a [#wake].
    public List<LinkEvent> await(int timeoutMs) {
        if (!pollSet.await(timeoutMs)) {
            return List.of();
        }
        if (pollSet.isReadable(WAKE_UP)) {
            wakeUp.clear();
        }
        return pollSet.isReadable(NOTIFICATIONS) || pollSet.hasError(NOTIFICATIONS)
                ? pending()
                : List.of();
    }

    /// Ends an [#await], or the next one if there is none now; nothing after the close. Any thread.
    public synchronized void wake() {
        if (!closed) {
            wakeUp.signal();
        }
    }

    /// Reads until nothing waits. After an overrun, too: the kernel keeps dropping, and says so no
    /// second time, until the queue is empty (`netlink_overrun`), so a dump before that would miss
    /// what it drops meanwhile.
    private List<LinkEvent> pending() {
        List<LinkEvent> events = new ArrayList<>();
        boolean overrun = false;
        NetlinkSocket.Received received;
        do {
            received = notifications.receive(m -> LinkMessages.event(m).ifPresent(events::add));
            overrun |= received == NetlinkSocket.Received.OVERRUN;
        } while (received != NetlinkSocket.Received.NOTHING && events.size() <= MAX_EVENTS);
        return overrun || events.size() > MAX_EVENTS ? List.of(new LinkEvent.Overrun()) : events;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifications.close();
        requests.close();
        wakeUp.close();
        arena.close();
    }
}
