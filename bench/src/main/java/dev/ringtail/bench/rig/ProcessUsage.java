package dev.ringtail.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What the kernel says that a running process has used (`proc(5)`). A thread or process that has
/// ended meanwhile counts as 0.
public final class ProcessUsage {
    /// USER_HZ is 100 on every architecture that Linux runs a JVM on.
    private static final long NS_PER_TICK = 10_000_000;

    private static final int UTIME_AFTER_NAME = 11;
    private static final int CUTIME_AFTER_NAME = 13;
    private static final long BYTES_PER_KB = 1024;

    private ProcessUsage() {}

    /// User and system time of all threads, of those that have ended too, in steps of 10 ms
    /// (`/proc/PID/stat`).
    public static long cpuNs(long pid) {
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        return sumOfTicks(stat, UTIME_AFTER_NAME);
    }

    /// User and system time of all programs that this process has started and that have ended, and
    /// of those that they have waited for, in steps of 10 ms (`cutime`, `cstime`).
    public static long endedChildrenCpuNs() {
        return sumOfTicks(read(Path.of("/proc/self/stat")), CUTIME_AFTER_NAME);
    }

    /// A field of a stat line and the next.
    private static long sumOfTicks(String stat, int field) {
        // The name is in parentheses and may hold any character.
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        return NS_PER_TICK
                * (Long.parseLong(fields.get(field)) + Long.parseLong(fields.get(field + 1)));
    }

    /// User and system time of the threads that run now and whose name begins so, to the nanosecond
    /// (`/proc/PID/task/TID/schedstat`).
    ///
    /// @param namePrefix of at most 15 bytes; empty for all threads
    public static long threadsCpuNs(long pid, String namePrefix) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.filter(task -> read(task.resolve("comm")).startsWith(namePrefix))
                    .map(task -> read(task.resolve("schedstat")))
                    .filter(text -> !text.isEmpty())
                    .mapToLong(text -> Long.parseLong(text.substring(0, text.indexOf(' '))))
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }

    /// Anonymous memory that is resident: heap and all else that is no file and not shared
    /// (`RssAnon` of `/proc/PID/status`).
    public static long rssAnonBytes(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KB)
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }
}
