package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/// Pins threads to processors
/// ([sched_setaffinity(2)](https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html)).
public final class CpuAffinity {
    /// Bytes of glibc's `cpu_set_t`: a bit for each of 1024 processors.
    private static final int CPU_SET_BYTES = 128;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private CpuAffinity() {}

    /// Has the calling thread run on some processors alone. Memory that it has the kernel allocate
    /// from then on, rings too, comes from the NUMA node of the one that it runs on.
    ///
    /// @param cpus numbers of the processors, from 0
    /// @throws SyscallException EINVAL where the process may use none of them
    public static void set(LibC libc, Collection<Integer> cpus) {
        String call = "sched_setaffinity(processors %s)".formatted(cpus);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(CPU_SET_BYTES);
            for (int cpu : cpus) {
                if (cpu >= CPU_SET_BYTES * Byte.SIZE) {
                    throw invalid(call, Errno.EINVAL.number());
                }
                long word = (long) cpu / Long.SIZE * Long.BYTES;
                long others = set.get(JAVA_LONG_UNALIGNED, word);
                set.set(JAVA_LONG_UNALIGNED, word, others | 1L << cpu % Long.SIZE);
            }
            int result = libc.sched_setaffinity(0, CPU_SET_BYTES, set);
            if (result < 0) {
                throw invalid(call, -result);
            }
        }
    }

    /// The processors that this process may use, in the kernel's list format: `0-3,8`
    /// (`Cpus_allowed_list` of proc_pid_status(5)).
    public static String allowedList() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(ALLOWED)) {
                    return line.substring(ALLOWED.length()).strip();
                }
            }
            throw new IllegalStateException("No " + ALLOWED + " in " + STATUS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SyscallException invalid(String call, int errno) {
        return new SyscallException(
                call,
                errno,
                "name processors that this process may use: taskset -cp $$ shows them");
    }
}
