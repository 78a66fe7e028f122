package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A tun device of the calling thread's network namespace, which takes any hardware type that it is
/// told (TUNSETLINK of linux/if_tun.h), and is gone when it is closed.
public final class TunDevice implements AutoCloseable {
    private static final int O_RDWR_CLOEXEC = 0x80002;
    private static final long TUNSETIFF = 0x400454ca;
    private static final long TUNSETLINK = 0x400454cd;
    private static final short IFF_TUN_NO_PI = 0x1001;

    private final LibC libc = LibC.load();
    private final int fd;

    public TunDevice(String name) {
        try (Arena arena = Arena.ofConfined()) {
            fd = check(libc.open(arena.allocateFrom("/dev/net/tun"), O_RDWR_CLOEXEC), "open(tun)");
            MemorySegment request = InterfaceIoctl.request(arena, name);
            request.set(JAVA_SHORT, InterfaceIoctl.UNION, IFF_TUN_NO_PI);
            check(libc.ioctl(fd, TUNSETIFF, request), "ioctl(TUNSETIFF)");
        }
    }

    /// Changes the hardware type. The device must be down.
    void hardwareType(int hardwareType) {
        check(
                libc.ioctl(fd, TUNSETLINK, MemorySegment.ofAddress(hardwareType)),
                "ioctl(TUNSETLINK)");
    }

    /// Has a packet come in on the device.
    public void receive(byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(JAVA_BYTE, packet);
            check((int) libc.write(fd, data, packet.length), "write(tun)");
        }
    }

    private static int check(int result, String call) {
        if (result < 0) {
            throw new SyscallException(call, -result, "");
        }
        return result;
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
