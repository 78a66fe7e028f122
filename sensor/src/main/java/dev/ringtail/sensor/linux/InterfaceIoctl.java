package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.IFREQ;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// A socket to ask the kernel about network interfaces with `struct ifreq` (netdevice(7)), in the
/// network namespace of the thread that opened it.
final class InterfaceIoctl implements AutoCloseable {
    /// Where the union of `struct ifreq` is.
    static final long UNION = offsetOf(IFREQ, "ifr_ifindex");

    private static final int MAX_NAME_BYTES = 15;

    private final LibC libc;
    private final int socket;

    private InterfaceIoctl(LibC libc, int socket) {
        this.libc = libc;
        this.socket = socket;
    }

    static InterfaceIoctl open(LibC libc) {
        int socket =
                libc.socket(
                        PacketConstants.AF_INET,
                        PacketConstants.SOCK_DGRAM | PacketConstants.SOCK_CLOEXEC,
                        0);
        if (socket < 0) {
            throw new SyscallException("socket(AF_INET, SOCK_DGRAM)", -socket, "");
        }
        return new InterfaceIoctl(libc, socket);
    }

    /// A `struct ifreq` about an interface.
    ///
    /// @throws SyscallException ENODEV for a name that no interface can have
    static MemorySegment request(Arena arena, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_NAME_BYTES) {
            throw noDevice(name);
        }
        MemorySegment ifreq = arena.allocate(IFREQ);
        MemorySegment.copy(bytes, 0, ifreq, JAVA_BYTE, 0, bytes.length);
        return ifreq;
    }

    /// The same, with a pointer to more (`ifr_data`).
    static MemorySegment request(Arena arena, String name, MemorySegment data) {
        MemorySegment ifreq = request(arena, name);
        ifreq.set(ADDRESS, UNION, data);
        return ifreq;
    }

    /// Makes a request.
    ///
    /// @return 0, or the negated errno
    /// @throws SyscallException ENODEV where there is no such interface
    int tryAsk(long request, MemorySegment ifreq) {
        int result = libc.ioctl(socket, request, ifreq);
        if (Errno.ENODEV.is(result)) {
            throw noDevice(ifreq.getString(0));
        }
        return result;
    }

    /// Makes a request that has to succeed.
    void ask(long request, MemorySegment ifreq) {
        int result = tryAsk(request, ifreq);
        if (result < 0) {
            throw new SyscallException(
                    "ioctl(0x%x, interface %s)".formatted(request, ifreq.getString(0)),
                    -result,
                    "");
        }
    }

    private static SyscallException noDevice(String name) {
        return new SyscallException(
                "interface " + name,
                Errno.ENODEV.number(),
                "`ringtail interfaces` lists what can be captured here");
    }

    @Override
    public void close() {
        libc.close(socket);
    }
}
