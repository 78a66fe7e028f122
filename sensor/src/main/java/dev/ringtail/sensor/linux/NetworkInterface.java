package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.IFREQ;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

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
    private static final int MAX_NAME_BYTES = 15;
    private static final int ARPHRD_NONE = 0xfffe;
    private static final int MAX_MTU_BYTES = 65_535;
    private static final long UNION = offsetOf(IFREQ, "ifr_ifindex");

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
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_NAME_BYTES) {
            throw noDevice(name);
        }
        int socket = libc.socket(PacketConstants.AF_INET, PacketConstants.SOCK_DGRAM, 0);
        if (socket < 0) {
            throw new SyscallException("socket(AF_INET, SOCK_DGRAM)", -socket, "");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ);
            MemorySegment.copy(bytes, 0, request, JAVA_BYTE, 0, bytes.length);
            ask(libc, socket, PacketConstants.SIOCGIFINDEX, request, name);
            int index = request.get(JAVA_INT, UNION);
            ask(libc, socket, PacketConstants.SIOCGIFHWADDR, request, name);
            int hardwareType = request.get(JAVA_SHORT, UNION) & 0xffff;
            ask(libc, socket, PacketConstants.SIOCGIFMTU, request, name);
            int mtuBytes = request.get(JAVA_INT, UNION);
            ask(libc, socket, PacketConstants.SIOCGIFFLAGS, request, name);
            int flags = request.get(JAVA_SHORT, UNION);
            return new NetworkInterface(
                    name,
                    index,
                    hardwareType,
                    mtuBytes,
                    (flags & PacketConstants.IFF_UP) != 0,
                    (flags & PacketConstants.IFF_LOOPBACK) != 0);
        } finally {
            libc.close(socket);
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

    private static void ask(LibC libc, int socket, long request, MemorySegment ifreq, String name) {
        int result = libc.ioctl(socket, request, ifreq);
        if (Errno.ENODEV.is(result)) {
            throw noDevice(name);
        }
        if (result < 0) {
            throw new SyscallException(
                    "ioctl(0x%x, interface %s)".formatted(request, name), -result, "");
        }
    }

    private static SyscallException noDevice(String name) {
        return new SyscallException(
                "interface " + name,
                Errno.ENODEV.number(),
                "`ringtail interfaces` lists what can be captured here");
    }
}
