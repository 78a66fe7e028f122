package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.HWTSTAMP_CONFIG;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Has a network device stamp the packets that it receives: SIOCGHWTSTAMP and SIOCSHWTSTAMP of
/// [timestamping.rst](https://docs.kernel.org/networking/timestamping.html).
///
/// It is a setting of the device, for all who use it, and stays after the process that made it.
public final class HardwareTimestamps {
    private static final long RX_FILTER = offsetOf(HWTSTAMP_CONFIG, "rx_filter");

    private HardwareTimestamps() {}

    /// Has the device stamp every packet that it receives. Leaves it alone where it does so
    /// already, and never touches what it does with packets that it sends.
    ///
    /// @return whether the setting was changed
    /// @throws MissingCapabilityException where it has to be changed, without CAP_NET_ADMIN
    /// @throws SyscallException EOPNOTSUPP or ERANGE where the device can't; ENODEV where there is
    ///   no such interface
    public static boolean enable(LibC libc, String interfaceName) {
        try (InterfaceIoctl kernel = InterfaceIoctl.open(libc);
                Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(HWTSTAMP_CONFIG);
            MemorySegment request = InterfaceIoctl.request(arena, interfaceName, config);
            // A driver may be able to set, but not to tell: then the answer is all zeros.
            if (kernel.tryAsk(EthernetConstants.SIOCGHWTSTAMP, request) == 0 && stampsAll(config)) {
                return false;
            }
            config.set(JAVA_INT, RX_FILTER, EthernetConstants.HWTSTAMP_FILTER_ALL);
            check(kernel.tryAsk(EthernetConstants.SIOCSHWTSTAMP, request), interfaceName);
            // The driver writes back what it does instead.
            if (!stampsAll(config)) {
                check(-Errno.ERANGE.number(), interfaceName);
            }
            return true;
        }
    }

    private static boolean stampsAll(MemorySegment config) {
        return config.get(JAVA_INT, RX_FILTER) == EthernetConstants.HWTSTAMP_FILTER_ALL;
    }

    private static void check(int result, String interfaceName) {
        String call = "ioctl(SIOCSHWTSTAMP, HWTSTAMP_FILTER_ALL, interface " + interfaceName + ")";
        if (Errno.EPERM.is(result)) {
            throw new MissingCapabilityException(
                    call, -result, MissingCapabilityException.NET_ADMIN_REMEDY);
        }
        if (result < 0) {
            boolean unable = Errno.EOPNOTSUPP.is(result) || Errno.ERANGE.is(result);
            throw new SyscallException(
                    call,
                    -result,
                    unable
                            ? interfaceName + " has no hardware stamps for all packets it receives"
                            : "");
        }
    }
}
