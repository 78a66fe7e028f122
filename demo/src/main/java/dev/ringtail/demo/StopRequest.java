package dev.ringtail.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C (SIGINT) and SIGTERM into an end in order: the command notices the request,
/// finishes, and its exit code becomes that of the process, where the JVM by itself would report
/// death by signal.
///
/// One for a process. The signal's side is a shutdown hook, which waits until the command has
/// called [#finished].
final class StopRequest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode;

    private StopRequest() {}

    /// Begins to listen for signals.
    static StopRequest listen() {
        StopRequest request = new StopRequest();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("rt-stop").unstarted(request::onShutdown));
        return request;
    }

    /// Waits for a request, at most `atMost`.
    ///
    /// @return whether the command was asked to stop
    boolean await(Duration atMost) throws InterruptedException {
        return requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits for a request as long as it takes.
    void await() throws InterruptedException {
        requested.await();
    }

    /// Says that the command is through. A process that was asked to stop by a signal ends now.
    ///
    /// @return the same exit code
    int finished(int code) {
        exitCode = code;
        finished.countDown();
        return code;
    }

    private void onShutdown() {
        requested.countDown();
        try {
            if (finished.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
