package dev.ringtail.sensor.linux;

/// A call that the kernel refused because the process lacks a capability (capabilities(7)).
public final class MissingCapabilityException extends SyscallException {
    private static final long serialVersionUID = 1L;

    /// How to grant the right to open packet sockets.
    static final String NET_RAW_REMEDY =
            "packet sockets need the capability CAP_NET_RAW: run as root, or in a container with"
                    + " --cap-add NET_RAW, or through: setpriv --inh-caps +net_raw --ambient-caps"
                    + " +net_raw";

    /// How to grant the right to change a device's settings.
    static final String NET_ADMIN_REMEDY =
            "changing a network device needs the capability CAP_NET_ADMIN: run as root, or in a"
                    + " container with --cap-add NET_ADMIN; or let an administrator change it";

    /// How to grant the right to enter another network namespace.
    static final String SYS_ADMIN_REMEDY =
            "entering a network namespace needs the capability CAP_SYS_ADMIN, and to reach the file"
                    + " of another user's process also CAP_SYS_PTRACE: run as root, or in a"
                    + " container with --cap-add SYS_ADMIN --cap-add SYS_PTRACE";

    MissingCapabilityException(String call, int errno, String remedy) {
        super(call, errno, remedy);
    }
}
