package dev.ringtail.sensor.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.testing.Tools;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// An eBPF program of type socket_filter, pinned in a BPF file system of its own until it is
/// closed.
final class PinnedSocketFilter implements AutoCloseable {
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_OBJ_PIN = 6;
    private static final int BPF_PROG_TYPE_SOCKET_FILTER = 1;
    private static final int ATTRIBUTE_BYTES = 48;

    private final Path folder;

    private PinnedSocketFilter(Path folder) {
        this.folder = folder;
    }

    /// A program that returns one byte of the packet.
    static PinnedSocketFilter returningByte(int offset) throws IOException {
        Path folder = Files.createTempDirectory("ringtail-bpffs");
        Tools.run("mount", "-t", "bpf", "bpf", folder.toString()).orFail();
        PinnedSocketFilter pinned = new PinnedSocketFilter(folder);
        try {
            pinned.load(offset);
            return pinned;
        } catch (RuntimeException e) {
            pinned.close();
            throw e;
        }
    }

    private void load(int offset) {
        LibC libc = LibC.load();
        try (Arena arena = Arena.ofConfined()) {
            // struct bpf_insn: code, registers (destination in the low half), offset (16), k (32).
            long[] instructions = {
                0x16_bfL, // r6 = r1: BPF_LD_ABS takes the packet from there
                0x30L | (long) offset << 32, // r0 = byte of the packet
                0x95L // exit
            };
            MemorySegment code = arena.allocateFrom(JAVA_LONG, instructions);
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, BPF_PROG_TYPE_SOCKET_FILTER);
            attributes.set(JAVA_INT, 4, instructions.length);
            attributes.set(JAVA_LONG, 8, code.address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
            int program =
                    check(libc.bpf(BPF_PROG_LOAD, attributes, ATTRIBUTE_BYTES), "BPF_PROG_LOAD");
            MemorySegment pin = arena.allocate(16, Long.BYTES);
            pin.set(JAVA_LONG, 0, arena.allocateFrom(path()).address());
            pin.set(JAVA_INT, 8, program);
            check(libc.bpf(BPF_OBJ_PIN, pin, 16), "BPF_OBJ_PIN");
            libc.close(program);
        }
    }

    private static int check(int result, String command) {
        if (result < 0) {
            throw new SyscallException("bpf(" + command + ")", -result, "");
        }
        return result;
    }

    /// Where it is pinned.
    String path() {
        return folder.resolve("program").toString();
    }

    @Override
    public void close() throws RuntimeException {
        Tools.run("umount", folder.toString()).orFail();
        try {
            Files.delete(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
