package dev.ringtail.sensor.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/// Network namespaces as
/// [network_namespaces(7)](https://man7.org/linux/man-pages/man7/network_namespaces.7.html) and
/// [ip-netns(8)](https://man7.org/linux/man-pages/man8/ip-netns.8.html) have them.
///
/// A namespace belongs to a thread: [#enter] moves the calling one alone, and the threads that it
/// starts from then on. So it is for threads made for it ([NetworkNamespaceThread]); a virtual
/// thread would leave its carrier behind in there.
public final class NetworkNamespaces {
    private static final Path NAMED = Path.of("/run/netns");
    private static final Path CURRENT = Path.of("/proc/thread-self/ns/net");
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespaces() {}

    /// The file of a namespace.
    ///
    /// @param nameOrPath a name of `ip netns`, which is a file in /run/netns, or a path, which has
    ///   a slash in it
    public static Path file(String nameOrPath) {
        return nameOrPath.contains("/") ? Path.of(nameOrPath) : NAMED.resolve(nameOrPath);
    }

    /// Moves the calling thread into a namespace.
    ///
    /// @param nameOrPath as for [#file]
    /// @throws NoSuchNamespaceException where it is none
    /// @throws MissingCapabilityException without CAP_SYS_ADMIN
    static void enter(LibC libc, String nameOrPath) {
        String path = file(nameOrPath).toString();
        try (Arena arena = Arena.ofConfined()) {
            int fd = libc.open(arena.allocateFrom(path), O_RDONLY_CLOEXEC);
            check(fd, "open(network namespace %s)".formatted(path));
            int result = libc.setns(fd, CLONE_NEWNET);
            libc.close(fd);
            check(result, "setns(network namespace %s)".formatted(path));
        }
    }

    /// Inode number of the calling thread's namespace, which tells it from all others of this host.
    public static long currentInode() {
        try {
            return inodeOf(CURRENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether a name or path still stands for a namespace: one that ended has no file, or its file
    /// is another's by now.
    ///
    /// @param nameOrPath as for [#file]
    /// @param inode the namespace's inode number
    public static boolean isNamed(String nameOrPath, long inode) {
        try {
            return inodeOf(file(nameOrPath)) == inode;
        } catch (IOException e) {
            return false;
        }
    }

    private static long inodeOf(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    }

    private static void check(int result, String call) {
        if (Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result) || Errno.EINVAL.is(result)) {
            throw new NoSuchNamespaceException(call, -result);
        }
        if (Errno.EPERM.is(result) || Errno.EACCES.is(result)) {
            throw new MissingCapabilityException(
                    call, -result, MissingCapabilityException.SYS_ADMIN_REMEDY);
        }
        if (result < 0) {
            throw new SyscallException(call, -result, "");
        }
    }
}
