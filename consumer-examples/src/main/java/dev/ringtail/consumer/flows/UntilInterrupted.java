package dev.ringtail.consumer.flows;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C or SIGTERM into an end in order: work goes on until then, and the process stays for
/// as long as closing takes.
final class UntilInterrupted implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(UntilInterrupted.class);
    private static final long CLOSE_TIMEOUT_SECONDS = 30;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "rt-flows-stop");
    private volatile boolean interrupted;

    UntilInterrupted() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Whether nobody has asked for the end.
    boolean goesOn() {
        return !interrupted;
    }

    /// On the hook's thread: the JVM halts when this returns.
    private void interrupt() {
        interrupted = true;
        try {
            boolean inOrder = closed.await(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            LOGGER.debug("closed in order: {}", inOrder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOGGER.trace("the JVM is shutting down, and needs no hook any more", e);
        }
    }
}
