package dev.ringtail.sensor.linux;

import java.lang.foreign.MemorySegment;

/// The functions of libc that a packet capture needs, named as in section 2 of the man pages.
///
/// One rule differs from the man pages: where they return -1 and set `errno`, these return the
/// negated errno, as the system calls themselves do. So a result is checked and reported on the
/// thread that made the call, and no errno is shared. All functions may be called from any thread.
/// They may block where their man page says so, and none is linked as critical, so a blocked call
/// never holds up a garbage collection.
public interface LibC {
    /// The libc of this process.
    ///
    /// @throws IllegalStateException where native access is denied or a symbol is missing; the
    ///   message says which option of the `java` command mends it
    static LibC load() {
        try {
            return JdkLibC.INSTANCE;
        } catch (ExceptionInInitializerError e) {
            throw new IllegalStateException(
                    e.getCause() instanceof IllegalCallerException
                            ? "Native access is denied: start java with"
                                    + " --enable-native-access=ALL-UNNAMED"
                            : "libc can't be linked: " + e.getCause(),
                    e);
        }
    }

    /// [socket(2)](https://man7.org/linux/man-pages/man2/socket.2.html): a file descriptor.
    int socket(int domain, int type, int protocol);

    /// [bind(2)](https://man7.org/linux/man-pages/man2/bind.2.html): 0.
    int bind(int fd, MemorySegment address, int addressLength);

    /// [connect(2)](https://man7.org/linux/man-pages/man2/connect.2.html): 0.
    int connect(int fd, MemorySegment address, int addressLength);

    /// [getsockname(2)](https://man7.org/linux/man-pages/man2/getsockname.2.html): 0;
    /// `addressLength` is a `socklen_t` in and out.
    int getsockname(int fd, MemorySegment address, MemorySegment addressLength);

    /// [send(2)](https://man7.org/linux/man-pages/man2/send.2.html): the count of bytes.
    long send(int fd, MemorySegment buffer, long length, int flags);

    /// [sendmmsg(2)](https://man7.org/linux/man-pages/man2/sendmmsg.2.html): the count of messages
    /// that were sent, from the first on; an error only where the first was not.
    int sendmmsg(int fd, MemorySegment messages, int count, int flags);

    /// [setsockopt(2)](https://man7.org/linux/man-pages/man2/setsockopt.2.html): 0.
    int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength);

    /// [getsockopt(2)](https://man7.org/linux/man-pages/man2/getsockopt.2.html): 0; `valueLength`
    /// is a `socklen_t` in and out.
    int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment valueLength);

    /// [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html): the address.
    long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /// [munmap(2)](https://man7.org/linux/man-pages/man2/munmap.2.html): 0.
    int munmap(long address, long length);

    /// [poll(2)](https://man7.org/linux/man-pages/man2/poll.2.html): the count of `pollfd` structs
    /// with events, 0 after `timeoutMs` milliseconds.
    int poll(MemorySegment pollFds, long count, int timeoutMs);

    /// [eventfd(2)](https://man7.org/linux/man-pages/man2/eventfd.2.html): a file descriptor.
    int eventfd(int initialValue, int flags);

    /// [read(2)](https://man7.org/linux/man-pages/man2/read.2.html): the count of bytes.
    long read(int fd, MemorySegment buffer, long count);

    /// [write(2)](https://man7.org/linux/man-pages/man2/write.2.html): the count of bytes.
    long write(int fd, MemorySegment buffer, long count);

    /// [recv(2)](https://man7.org/linux/man-pages/man2/recv.2.html): the count of bytes; with
    /// MSG_TRUNC that of the whole datagram, even where the buffer is shorter.
    long recv(int fd, MemorySegment buffer, long length, int flags);

    /// [bpf(2)](https://man7.org/linux/man-pages/man2/bpf.2.html), which glibc does not wrap: a
    /// file descriptor for the commands used here.
    int bpf(int command, MemorySegment attributes, int size);

    /// [ioctl(2)](https://man7.org/linux/man-pages/man2/ioctl.2.html) with a pointer argument: 0
    /// for the requests used here.
    int ioctl(int fd, long request, MemorySegment argument);

    /// [open(2)](https://man7.org/linux/man-pages/man2/open.2.html) of an existing file: a file
    /// descriptor.
    int open(MemorySegment path, int flags);

    /// [close(2)](https://man7.org/linux/man-pages/man2/close.2.html): 0.
    int close(int fd);

    /// [sched_setaffinity(2)](https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html): 0;
    /// `pid` 0 is the calling thread.
    int sched_setaffinity(int pid, long cpuSetSize, MemorySegment cpuSet);

    /// [setns(2)](https://man7.org/linux/man-pages/man2/setns.2.html): 0. Moves the calling thread
    /// alone.
    int setns(int fd, int namespaceType);

    /// [capset(2)](https://man7.org/linux/man-pages/man2/capset.2.html): 0. Changes the calling
    /// thread alone.
    int capset(MemorySegment header, MemorySegment data);
}
