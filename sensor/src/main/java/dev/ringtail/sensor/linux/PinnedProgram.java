package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An eBPF program that was pinned in a BPF file system, got by its path
/// ([bpf(2)](https://man7.org/linux/man-pages/man2/bpf.2.html), BPF_OBJ_GET).
///
/// Whoever attaches it keeps it alive; the descriptor may be closed then.
public final class PinnedProgram implements AutoCloseable {
    private static final int BPF_OBJ_GET = 7;

    /// The members of `union bpf_attr` for BPF_OBJ_GET: pathname (a pointer), bpf_fd, file_flags.
    private static final int ATTRIBUTE_BYTES = 16;

    private final LibC libc;
    private final int fd;

    private PinnedProgram(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /// Opens the program.
    ///
    /// @throws MissingCapabilityException without CAP_BPF where the kernel asks for it
    /// @throws SyscallException where nothing is pinned there
    public static PinnedProgram open(LibC libc, String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            attributes.set(JAVA_LONG, 0, arena.allocateFrom(path).address());
            int fd = libc.bpf(BPF_OBJ_GET, attributes, ATTRIBUTE_BYTES);
            String call = "bpf(BPF_OBJ_GET, " + path + ")";
            if (Errno.EPERM.is(fd) || Errno.EACCES.is(fd)) {
                throw new MissingCapabilityException(
                        call,
                        -fd,
                        "an eBPF program needs the capability CAP_BPF (before Linux 5.8"
                                + " CAP_SYS_ADMIN), and the right to read the pinned file");
            }
            if (fd < 0) {
                throw new SyscallException(
                        call,
                        -fd,
                        "pin a program of type socket_filter there: bpftool prog load FILE PATH");
            }
            return new PinnedProgram(libc, fd);
        }
    }

    /// File descriptor of the program.
    int fd() {
        return fd;
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
