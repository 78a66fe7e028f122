package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `forward` on a thread of its own, until it is stopped as Ctrl-C would.
final class RunningForward {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    /// Starts it inside a lab and waits until it forwards.
    static RunningForward start(TransmitLab lab, String... arguments) throws Exception {
        RunningForward running = new RunningForward();
        CommandLine command =
                new CommandLine(new ForwardCommand(running::awaitStop))
                        .setOut(new PrintWriter(running.out, true))
                        .setErr(new PrintWriter(running.err, true));
        // A thread is in the namespace of the one that started it.
        lab.call(
                () ->
                        Thread.ofPlatform()
                                .start(() -> running.exit.complete(command.execute(arguments))));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            assertThat(running.exit).as(running.err.toString()).isNotDone();
                            assertThat(running.err.toString()).startsWith("forwarding ");
                        });
        return running;
    }

    private boolean awaitStop(Duration time) {
        try {
            return stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Ends it in order.
    TransmitLab.Outcome stop() {
        stop.countDown();
        return awaitEnd();
    }

    /// Waits until it ends by itself.
    TransmitLab.Outcome awaitEnd() {
        int code = exit.orTimeout(30, TimeUnit.SECONDS).join();
        return new TransmitLab.Outcome(code, out.toString(), err.toString());
    }
}
