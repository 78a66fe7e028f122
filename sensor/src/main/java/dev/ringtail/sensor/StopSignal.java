package dev.ringtail.sensor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// SIGINT and SIGTERM as a request to end in order: the process ends when the command has, with the
/// command's own exit code and not with the signal's.
public final class StopSignal {
    /// Longer than any command may take to stop; the process ends then all the same.
    private static final int PATIENCE_MINUTES = 11;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    private StopSignal() {}

    /// Begins to listen.
    public static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("rt-stop").unstarted(signal::stopAndHalt));
        return signal;
    }

    /// One that never comes, for a process that embeds a command and minds its signals itself.
    public static StopSignal never() {
        return new StopSignal();
    }

    private void stopAndHalt() {
        requested.countDown();
        Runtime.getRuntime()
                .halt(exitCode.completeOnTimeout(1, PATIENCE_MINUTES, TimeUnit.MINUTES).join());
    }

    /// Waits for the request.
    ///
    /// @return true where it came, false after the time
    public boolean await(Duration time) {
        try {
            return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Tells that the command has ended, and ends the process. Does not return.
    public void exit(int code) {
        exitCode.complete(code);
        System.exit(code);
    }
}
