package dev.ringtail.sensor.linux;

/// Error numbers of the Linux kernel's generic table that the calls of [LibC] return
/// (include/uapi/asm-generic/errno-base.h and errno.h).
public enum Errno {
    /// Operation not permitted.
    EPERM(1, "operation not permitted"),
    /// No such file or directory.
    ENOENT(2, "no such file or directory"),
    /// Interrupted system call.
    EINTR(4, "interrupted system call"),
    /// Input/output error.
    EIO(5, "input/output error"),
    /// No such device or address.
    ENXIO(6, "no such device or address"),
    /// Bad file descriptor.
    EBADF(9, "bad file descriptor"),
    /// Resource temporarily unavailable.
    EAGAIN(11, "resource temporarily unavailable"),
    /// Out of memory.
    ENOMEM(12, "out of memory"),
    /// Permission denied.
    EACCES(13, "permission denied"),
    /// Bad address.
    EFAULT(14, "bad address"),
    /// Device or resource busy.
    EBUSY(16, "device or resource busy"),
    /// No such device.
    ENODEV(19, "no such device"),
    /// Not a directory.
    ENOTDIR(20, "not a directory"),
    /// Invalid argument.
    EINVAL(22, "invalid argument"),
    /// Too many open files in system.
    ENFILE(23, "too many open files in the system"),
    /// Too many open files.
    EMFILE(24, "too many open files in this process"),
    /// Inappropriate ioctl for device.
    ENOTTY(25, "inappropriate ioctl for device"),
    /// No space left.
    ENOSPC(28, "no space left"),
    /// Result out of range.
    ERANGE(34, "out of range"),
    /// Function not implemented.
    ENOSYS(38, "function not implemented"),
    /// Message too long.
    EMSGSIZE(90, "message too long"),
    /// Protocol not available.
    ENOPROTOOPT(92, "protocol option not available"),
    /// Protocol not supported.
    EPROTONOSUPPORT(93, "protocol not supported"),
    /// Operation not supported.
    EOPNOTSUPP(95, "operation not supported"),
    /// Address family not supported.
    EAFNOSUPPORT(97, "address family not supported"),
    /// Network is down.
    ENETDOWN(100, "network is down"),
    /// Network is unreachable.
    ENETUNREACH(101, "network is unreachable"),
    /// No buffer space available.
    ENOBUFS(105, "no buffer space available"),
    /// Connection timed out.
    ETIMEDOUT(110, "timed out"),
    /// Connection refused.
    ECONNREFUSED(111, "connection refused"),
    /// No route to host.
    EHOSTUNREACH(113, "no route to host"),
    /// Operation already in progress.
    EALREADY(114, "operation already in progress");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /// The positive number.
    public int number() {
        return number;
    }

    /// True where a result of [LibC] is this error.
    public boolean is(long result) {
        return result == -number;
    }

    /// Name alone, as in `EPERM`; the number where the name is not known here.
    ///
    /// @param number positive error number
    public static String nameOf(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno.name();
            }
        }
        return "errno " + number;
    }

    /// Name and meaning, as in `EPERM (operation not permitted)`; the number where the name is not
    /// known here.
    ///
    /// @param number positive error number
    public static String describe(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno.name() + " (" + errno.text + ")";
            }
        }
        return "errno " + number;
    }
}
