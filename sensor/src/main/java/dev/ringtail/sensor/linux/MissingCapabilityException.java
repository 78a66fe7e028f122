package dev.ringtail.sensor.linux;

/// A call that the kernel refused because the process lacks a capability (capabilities(7)).
public final class MissingCapabilityException extends SyscallException {
    private static final long serialVersionUID = 1L;

    /// How to grant the right to open packet sockets.
    static final String NET_RAW_REMEDY =
            "capturing needs the capability CAP_NET_RAW: run as root, or in a container with"
                    + " --cap-add NET_RAW, or through: setpriv --inh-caps +net_raw --ambient-caps"
                    + " +net_raw";

    MissingCapabilityException(String call, int errno, String remedy) {
        super(call, errno, remedy);
    }
}
