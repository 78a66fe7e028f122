package dev.ringtail.sensor.linux;

/// A system call that failed: which, with what, why, and what to do about it.
public class SyscallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /// @param call the call as one would write it, such as `bind(AF_PACKET, interface eth0)`
    /// @param errno positive error number
    /// @param remedy what the user can do; empty where nothing is known
    public SyscallException(String call, int errno, String remedy) {
        super(call + ": " + Errno.describe(errno) + (remedy.isEmpty() ? "" : "; " + remedy));
        this.errno = errno;
    }

    /// Positive error number.
    public int errno() {
        return errno;
    }
}
