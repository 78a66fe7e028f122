package dev.ringtail.sensor.transmit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.Structs;
import dev.ringtail.sensor.linux.SyscallException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A tun device, an interface without link header, and its other end, which reads what is sent.
final class Tun implements AutoCloseable {
    private static final int O_RDWR_NONBLOCK_CLOEXEC = 0x80802;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN_NO_PI = 0x1001;

    private final LibC libc = LibC.load();
    private final int fd;

    /// Makes it in the calling thread's network namespace.
    Tun(String name) {
        try (Arena arena = Arena.ofConfined()) {
            fd = check(libc.open(arena.allocateFrom("/dev/net/tun"), O_RDWR_NONBLOCK_CLOEXEC));
            MemorySegment request = arena.allocate(Structs.IFREQ);
            request.setString(0, name);
            request.set(JAVA_SHORT, Structs.offsetOf(Structs.IFREQ, "ifr_ifindex"), IFF_TUN_NO_PI);
            check(libc.ioctl(fd, TUNSETIFF, request));
        }
    }

    private static int check(int result) {
        if (result < 0) {
            throw new SyscallException("/dev/net/tun", -result, "");
        }
        return result;
    }

    /// The packets that wait there.
    List<byte[]> read() {
        List<byte[]> packets = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(2000);
            long length;
            while ((length = libc.read(fd, buffer, buffer.byteSize())) > 0) {
                packets.add(buffer.asSlice(0, length).toArray(JAVA_BYTE));
            }
        }
        return packets;
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
