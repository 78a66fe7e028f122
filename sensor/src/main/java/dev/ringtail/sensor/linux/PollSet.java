package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A few file descriptors that poll(2) watches for something to read. One thread at a time.
final class PollSet {
    private static final long EVENTS = Structs.offsetOf(Structs.POLLFD, "events");
    private static final long REVENTS = Structs.offsetOf(Structs.POLLFD, "revents");

    private final LibC libc;
    private final int count;
    private final MemorySegment pollFds;

    /// @param arena owns the few bytes of this, and must live as long
    PollSet(LibC libc, Arena arena, int... fds) {
        this.libc = libc;
        this.count = fds.length;
        this.pollFds = arena.allocate(Structs.POLLFD, count);
        for (int i = 0; i < count; i++) {
            pollFds.set(JAVA_INT, at(i), fds[i]);
            pollFds.set(JAVA_SHORT, at(i) + EVENTS, PacketConstants.POLLIN);
        }
    }

    /// Waits at most `timeoutMs` milliseconds.
    ///
    /// @return whether any of them has an event; if not, the time is over or a signal came between,
    ///   and [#isReadable] and [#hasError] tell nothing
    boolean await(int timeoutMs) {
        int result = libc.poll(pollFds, count, timeoutMs);
        if (result < 0 && !Errno.EINTR.is(result)) {
            throw new SyscallException("poll()", -result, "");
        }
        return result > 0;
    }

    /// Whether there is something to read.
    ///
    /// @param index which, in the order of the constructor
    boolean isReadable(int index) {
        return (events(index) & PacketConstants.POLLIN) != 0;
    }

    /// Whether an error waits at it.
    ///
    /// @param index which, in the order of the constructor
    boolean hasError(int index) {
        return (events(index) & PacketConstants.POLLERR) != 0;
    }

    private int events(int index) {
        return pollFds.get(JAVA_SHORT, at(index) + REVENTS);
    }

    private static long at(int index) {
        return index * Structs.POLLFD.byteSize();
    }
}
