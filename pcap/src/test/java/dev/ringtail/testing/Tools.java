package dev.ringtail.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs programs of the machine as oracles and helpers of tests.
public final class Tools {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Tools() {}

    /// What a program left behind.
    ///
    /// @param command program and arguments
    /// @param exit exit status
    /// @param stdout standard output as UTF-8
    /// @param stderr standard error as UTF-8
    public record Result(List<String> command, int exit, String stdout, String stderr) {
        /// Returns this result, or throws an [AssertionError] with all that was said when the
        /// program failed.
        public Result orFail() {
            if (exit != 0) {
                throw new AssertionError(
                        "%s exited with %d%n%s%n%s".formatted(command, exit, stdout, stderr));
            }
            return this;
        }
    }

    /// Whether a program of this name is on the path.
    public static boolean exists(String tool) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, tool))
                .anyMatch(Files::isExecutable);
    }

    /// Runs a program without input to its end, for at most a minute.
    ///
    /// @throws AssertionError when it can't be started or takes longer
    public static Result run(String... command) {
        return run(List.of(command));
    }

    /// Runs a program without input to its end, for at most a minute.
    ///
    /// @throws AssertionError when it can't be started or takes longer
    public static Result run(List<String> command) {
        return run(TIMEOUT, command);
    }

    /// Runs a program without input to its end.
    ///
    /// @throws AssertionError when it can't be started or takes longer than `timeout`
    public static Result run(Duration timeout, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .start();
            CompletableFuture<String> stdout = readAll(process.getInputStream());
            CompletableFuture<String> stderr = readAll(process.getErrorStream());
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " still runs after " + timeout);
            }
            return new Result(command, process.exitValue(), stdout.join(), stderr.join());
        } catch (IOException e) {
            throw new AssertionError("can't run " + command + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }

    private static CompletableFuture<String> readAll(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (stream) {
                                text.complete(
                                        new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                            } catch (IOException e) {
                                text.completeExceptionally(new UncheckedIOException(e));
                            }
                        });
        return text;
    }
}
