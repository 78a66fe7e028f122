package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.USER_CAP_DATA;
import static dev.ringtail.sensor.linux.Structs.USER_CAP_HEADER;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Gives capabilities up, which belong to threads
/// ([capabilities(7)](https://man7.org/linux/man-pages/man7/capabilities.7.html)): a thread has
/// those of the one that started it.
public final class Capabilities {
    /// `_LINUX_CAPABILITY_VERSION_3` and `_LINUX_CAPABILITY_U32S_3`: 64 capabilities in two
    /// structs.
    private static final int VERSION_3 = 0x20080522;

    private static final int VERSION_3_STRUCTS = 2;

    private Capabilities() {}

    /// Clears the effective, permitted and inheritable sets of the calling thread, and with them
    /// the ambient one. What it starts from then on has none either. Harmless where there are none.
    public static void dropAll(LibC libc) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(USER_CAP_HEADER); // A pid of 0 is this thread.
            header.set(JAVA_INT, offsetOf(USER_CAP_HEADER, "version"), VERSION_3);
            MemorySegment none = arena.allocate(USER_CAP_DATA, VERSION_3_STRUCTS);
            int result = libc.capset(header, none);
            if (result < 0) {
                throw new SyscallException("capset(no capabilities)", -result, "");
            }
        }
    }

    /// Runs a task on a thread of its own that has no capabilities, so that threads that it starts
    /// have none, and waits for it. The thread is in the caller's namespaces.
    ///
    /// @return what the task returns
    /// @throws RuntimeException what the task throws
    public static <T> T supplyWithout(LibC libc, Supplier<T> task) {
        try (ExecutorService thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("rt-unprivileged").factory())) {
            return NetworkNamespaceThread.call(
                    thread,
                    () -> {
                        dropAll(libc);
                        return task.get();
                    });
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
