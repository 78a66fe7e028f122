package dev.ringtail.sensor.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory with nothing around it, for code that reads by address, where no segment throws: any
/// access outside it ends the JVM (SIGSEGV), and the log that it leaves names the method.
public final class GuardedMemory {
    /// What a broken 32-bit offset and a broken 32-bit length reach together.
    private static final long GUARD_BYTES = 8L << 30;

    private static final int PROT_NONE = 0;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;

    private GuardedMemory() {}

    /// Takes address space, of which only so many bytes in the middle have memory.
    ///
    /// @param lengthBytes whole pages
    /// @param arena owns both
    public static MemorySegment allocate(LibC libc, long lengthBytes, Arena arena) {
        long spaceBytes = GUARD_BYTES + lengthBytes + GUARD_BYTES;
        long space = map(libc, 0, spaceBytes, PROT_NONE, 0);
        MemorySegment.ofAddress(space)
                .reinterpret(spaceBytes, arena, s -> libc.munmap(s.address(), spaceBytes));
        int readWrite = PacketConstants.PROT_READ | PacketConstants.PROT_WRITE;
        long address = map(libc, space + GUARD_BYTES, lengthBytes, readWrite, MAP_FIXED);
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, null);
    }

    private static long map(LibC libc, long at, long lengthBytes, int protection, int flags) {
        long address =
                libc.mmap(at, lengthBytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
        if (address < 0) {
            throw new SyscallException("mmap(%d bytes)".formatted(lengthBytes), (int) -address, "");
        }
        return address;
    }
}
