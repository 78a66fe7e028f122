package dev.ringtail.sensor.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A thread that has entered a network namespace, and runs there what it is given, one after the
/// other. Sockets opened there, and threads started there, stay in the namespace; an open socket
/// keeps it alive after its name is deleted.
///
/// A platform thread of its own, which ends at [#close]: it never comes back into another
/// namespace, as a thread of a pool would.
public final class NetworkNamespaceThread implements AutoCloseable {
    private final ExecutorService executor;
    private final long inode;

    private NetworkNamespaceThread(ExecutorService executor, long inode) {
        this.executor = executor;
        this.inode = inode;
    }

    /// Starts a thread, and has it enter a namespace.
    ///
    /// @param nameOrPath as for [NetworkNamespaces#file]; empty to stay in the caller's
    /// @throws NoSuchNamespaceException where it is none
    /// @throws MissingCapabilityException without CAP_SYS_ADMIN
    public static NetworkNamespaceThread start(LibC libc, String nameOrPath) throws Exception {
        ExecutorService executor =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("rt-netns").factory());
        try {
            long inode =
                    call(
                            executor,
                            () -> {
                                if (!nameOrPath.isEmpty()) {
                                    NetworkNamespaces.enter(libc, nameOrPath);
                                }
                                return NetworkNamespaces.currentInode();
                            });
            return new NetworkNamespaceThread(executor, inode);
        } catch (Exception e) {
            executor.shutdown();
            throw e;
        }
    }

    /// Inode number of the namespace ([NetworkNamespaces#currentInode]).
    public long inode() {
        return inode;
    }

    /// Runs a task in the namespace and waits for it. Any thread.
    ///
    /// @return what the task returns
    /// @throws Exception what the task throws, or InterruptedException where the wait is
    ///   interrupted; the task then goes on
    public <T> T call(Callable<T> task) throws Exception {
        return call(executor, task);
    }

    /// Has a task run in the namespace after those that were given before. Any thread.
    ///
    /// @return what becomes of it
    public <T> Future<T> submit(Callable<T> task) {
        return executor.submit(task);
    }

    /// The executor's thread lives as long as the executor: a task that throws does not end it, as
    /// the exception is caught into the task's future.
    static <T> T call(ExecutorService executor, Callable<T> task) throws Exception {
        return result(executor.submit(task));
    }

    /// Waits for a task that was submitted.
    ///
    /// @return what the task returns
    /// @throws Exception as for [#call]
    public static <T> T result(Future<T> submitted) throws Exception {
        try {
            return submitted.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /// Lets the task that runs end, and with it the thread.
    @Override
    public void close() {
        executor.close();
    }
}
