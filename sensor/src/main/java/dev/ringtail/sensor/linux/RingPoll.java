package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Waits for a packet socket's ring or a wake-up, whichever is first (poll(2)).
///
/// One thread at a time. All blocks that were read must be released before, else poll returns at
/// once: the kernel looks at the most recently closed block alone (`packet_poll`).
public final class RingPoll {
    private static final long SOCKET = 0;
    private static final long WAKE_UP = Structs.POLLFD.byteSize();
    private static final long REVENTS = Structs.offsetOf(Structs.POLLFD, "revents");
    private static final long EVENTS = Structs.offsetOf(Structs.POLLFD, "events");

    private final LibC libc;
    private final EventFd wakeUp;
    private final MemorySegment pollFds;

    /// @param arena owns the few bytes of this, and must live as long
    public RingPoll(LibC libc, PacketSocket socket, EventFd wakeUp, Arena arena) {
        this.libc = libc;
        this.wakeUp = wakeUp;
        this.pollFds = arena.allocate(Structs.POLLFD, 2);
        pollFds.set(JAVA_INT, SOCKET, socket.fd());
        pollFds.set(JAVA_SHORT, SOCKET + EVENTS, PacketConstants.POLLIN);
        pollFds.set(JAVA_INT, WAKE_UP, wakeUp.fd());
        pollFds.set(JAVA_SHORT, WAKE_UP + EVENTS, PacketConstants.POLLIN);
    }

    /// Waits at most `timeoutMs` milliseconds.
    ///
    /// @return true where an error waits at the socket, to be read with [PacketSocket#takeError]
    public boolean await(int timeoutMs) {
        int result = libc.poll(pollFds, 2, timeoutMs);
        if (result < 0 && !Errno.EINTR.is(result)) {
            throw new SyscallException("poll(ring)", -result, "");
        }
        if (result <= 0) {
            return false;
        }
        if ((pollFds.get(JAVA_SHORT, WAKE_UP + REVENTS) & PacketConstants.POLLIN) != 0) {
            wakeUp.clear();
        }
        return (pollFds.get(JAVA_SHORT, SOCKET + REVENTS) & PacketConstants.POLLERR) != 0;
    }
}
