package dev.ringtail.consumer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns SIGINT and SIGTERM into a request to finish: the command ends its output properly, and the
/// process ends with the command's exit code.
public final class Interruption implements AutoCloseable {
    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::finish, "rt-interrupt");
    private final CountDownLatch requested = new CountDownLatch(1);
    private volatile int exitCode = 1;

    private final boolean listening;

    /// Begins to listen. In a process that is ending already there is nothing to listen for: who
    /// exports there, such as the demo after Ctrl-C, wants the whole file and holds the end up.
    public Interruption() {
        listening = addHook(hook);
    }

    private static boolean addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    /// Asks the command to finish, as a signal does.
    public void request() {
        requested.countDown();
    }

    /// Whether the command is to finish.
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /// Waits for the request.
    ///
    /// @return whether it has come; an interrupt of this thread counts as one
    public boolean await(Duration limit) {
        try {
            return requested.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Says how the command ended.
    public void setExitCode(int code) {
        exitCode = code;
    }

    private void finish() {
        request();
        try {
            if (finished.await(FINISH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                // Without this the JVM would report the signal and not what the command made of it.
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        if (listening) {
            removeHook(hook);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is at work.
        }
    }
}
