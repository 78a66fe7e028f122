package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A counter that wakes poll(2)
/// ([eventfd(2)](https://man7.org/linux/man-pages/man2/eventfd.2.html)): the way to interrupt a
/// thread that waits for a ring, since `Thread.interrupt` does not end a poll.
public final class EventFd implements AutoCloseable {
    private final LibC libc;
    private final int fd;

    private EventFd(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /// Opens one that is not signalled.
    public static EventFd open(LibC libc) {
        int fd = libc.eventfd(0, PacketConstants.EFD_NONBLOCK | PacketConstants.EFD_CLOEXEC);
        if (fd < 0) {
            throw new SyscallException(
                    "eventfd()", -fd, "raise the limit on open files (ulimit -n)");
        }
        return new EventFd(libc, fd);
    }

    /// File descriptor, for poll(2).
    public int fd() {
        return fd;
    }

    /// Makes it readable. Any thread.
    public void signal() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
            long result = libc.write(fd, one, Long.BYTES);
            // EAGAIN: the counter is at its end, so it is readable already.
            if (result < 0 && !Errno.EAGAIN.is(result)) {
                throw new SyscallException("write(eventfd)", (int) -result, "");
            }
        }
    }

    /// Makes it unreadable again.
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            libc.read(fd, arena.allocate(JAVA_LONG), Long.BYTES);
        }
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
