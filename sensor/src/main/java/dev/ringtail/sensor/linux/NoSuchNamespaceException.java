package dev.ringtail.sensor.linux;

/// A name or path that the user gave for a network namespace, and that is none.
public final class NoSuchNamespaceException extends SyscallException {
    private static final long serialVersionUID = 1L;

    NoSuchNamespaceException(String call, int errno) {
        super(
                call,
                errno,
                "`ip netns list` shows the names; the path of a namespace works too, such as"
                        + " /proc/PID/ns/net");
    }
}
