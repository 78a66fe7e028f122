package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A network interface as netdevice(7) tells it, in the calling thread's network namespace.
///
/// @param name name, at most 15 bytes
/// @param index index in its network namespace
/// @param hardwareType ARPHRD_* of linux/if_arp.h
/// @param mtuBytes largest network-layer packet
/// @param up whether it is up (IFF_UP)
/// @param loopback whether it is a loopback device (IFF_LOOPBACK)
public record NetworkInterface(
        String name, int index, int hardwareType, int mtuBytes, boolean up, boolean loopback) {
    private static final int ARPHRD_NONE = 0xfffe;
    private static final int MAX_MTU_BYTES = 65_535;

    /// The interface that a link is.
    public static NetworkInterface of(Link link) {
        return new NetworkInterface(
                link.name(),
                link.index(),
                link.hardwareType(),
                link.mtuBytes(),
                link.up(),
                link.loopback());
    }

    /// Looks an interface up.
    ///
    /// @throws SyscallException ENODEV where there is none of that name
    public static NetworkInterface byName(LibC libc, String name) {
        try (InterfaceIoctl kernel = InterfaceIoctl.open(libc);
                Arena arena = Arena.ofConfined()) {
            MemorySegment request = InterfaceIoctl.request(arena, name);
            kernel.ask(PacketConstants.SIOCGIFINDEX, request);
            int index = request.get(JAVA_INT, InterfaceIoctl.UNION);
            kernel.ask(PacketConstants.SIOCGIFHWADDR, request);
            int hardwareType = request.get(JAVA_SHORT, InterfaceIoctl.UNION) & 0xffff;
            kernel.ask(PacketConstants.SIOCGIFMTU, request);
            int mtuBytes = request.get(JAVA_INT, InterfaceIoctl.UNION);
            kernel.ask(PacketConstants.SIOCGIFFLAGS, request);
            int flags = request.get(JAVA_SHORT, InterfaceIoctl.UNION);
            return new NetworkInterface(
                    name,
                    index,
                    hardwareType,
                    mtuBytes,
                    (flags & PacketConstants.IFF_UP) != 0,
                    (flags & PacketConstants.IFF_LOOPBACK) != 0);
        }
    }

    /// Every interface of the calling thread's network namespace at once, those that come later
    /// too: a socket bound to index 0. Its packets have no link header in common, so it is read
    /// cooked, and it can't be promiscuous.
    public static NetworkInterface any() {
        return new NetworkInterface("any", 0, ARPHRD_NONE, MAX_MTU_BYTES, true, false);
    }

    /// Whether this is [#any].
    public boolean isAny() {
        return index == 0;
    }
}
