package dev.ringtail.sensor.linux;

import dev.ringtail.testing.NetworkNamespace;

import java.lang.foreign.Arena;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Runs code on a thread of its own inside a network namespace; setns(2) moves one thread alone.
public final class InNamespace {
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private InNamespace() {}

    public static <T> T call(NetworkNamespace namespace, Callable<T> body) throws Exception {
        FutureTask<T> task =
                new FutureTask<>(
                        () -> {
                            enter(namespace);
                            return body.call();
                        });
        Thread.ofPlatform().name("test-netns").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void enter(NetworkNamespace namespace) {
        LibC libc = LibC.load();
        try (Arena arena = Arena.ofConfined()) {
            String path = namespace.path().toString();
            int fd = libc.open(arena.allocateFrom(path), O_RDONLY_CLOEXEC);
            int result = fd < 0 ? fd : libc.setns(fd, CLONE_NEWNET);
            if (result < 0) {
                throw new SyscallException("setns(" + path + ")", -result, "");
            }
            libc.close(fd);
        }
    }
}
