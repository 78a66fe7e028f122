package dev.ringtail.bench.rig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that runs beside the bench, with its output in files of the work folder. Its standard
/// input is a pipe that ends when the bench does.
public final class Child implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL_INTERVAL = Duration.ofMillis(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final List<String> command;
    private final Process process;
    private final Path out;
    private final Path err;

    private Child(List<String> command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// Starts a program.
    ///
    /// @throws BenchException if it can't be started
    public static Child start(Path workFolder, List<String> command) {
        return start(workFolder, command, Map.of());
    }

    /// Starts a program with further environment variables.
    ///
    /// @throws BenchException if it can't be started
    public static Child start(
            Path workFolder, List<String> command, Map<String, String> environment) {
        try {
            Path out = Files.createTempFile(workFolder, "child", ".out");
            Path err = Files.createTempFile(workFolder, "child", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment);
            builder.environment()
                    .merge(
                            Home.LAUNCHER_JVM_FLAGS,
                            Home.NO_COUNTERS_FILE,
                            (user, own) -> user + " " + own);
            return new Child(command, builder.start(), out, err);
        } catch (IOException e) {
            throw new BenchException(
                    "Cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    /// Runs a program to its end.
    ///
    /// @return its standard output
    /// @throws BenchException if it fails, or has not ended in time
    public static String run(Path workFolder, Duration limit, String... command)
            throws InterruptedException {
        try (Child child = start(workFolder, List.of(command))) {
            child.awaitSuccess(limit);
            return child.out();
        }
    }

    /// Process id, also that of what a launcher has become by exec.
    public long pid() {
        return process.pid();
    }

    /// Whether it has not ended yet.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// What it has written to standard output until now.
    public String out() {
        return read(out);
    }

    /// What it has written to standard error until now.
    public String err() {
        return read(err);
    }

    /// Its standard output as JSON.
    ///
    /// @throws BenchException if it is none
    public JsonNode json() {
        try {
            return JSON.readTree(out());
        } catch (JsonProcessingException e) {
            throw failed("printed no JSON");
        }
    }

    /// Waits until a text is on its standard error.
    ///
    /// @throws BenchException if it has ended, or the time is over, without it
    public void awaitErr(String text, Duration limit) throws InterruptedException {
        await(text, err, limit);
    }

    /// Waits until a text is on its standard output.
    ///
    /// @throws BenchException if it has ended, or the time is over, without it
    public void awaitOut(String text, Duration limit) throws InterruptedException {
        await(text, out, limit);
    }

    private void await(String text, Path file, Duration limit) throws InterruptedException {
        long endNs = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            if (read(file).contains(text)) {
                return;
            }
            if (!alive) {
                throw failed("ended with exit code " + process.exitValue());
            }
            if (System.nanoTime() - endNs >= 0) {
                throw failed("did not say \"" + text + "\" within " + limit.toSeconds() + " s");
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    /// Asks it to end, by SIGTERM, and waits until it has.
    ///
    /// @throws BenchException if it has not ended in time
    public void stop(Duration limit) throws InterruptedException {
        process.destroy();
        awaitEnd(limit);
    }

    /// Waits for its end.
    ///
    /// @throws BenchException if it fails, or has not ended in time
    public void awaitSuccess(Duration limit) throws InterruptedException {
        awaitEnd(limit);
        if (process.exitValue() != 0) {
            throw failed("ended with exit code " + process.exitValue());
        }
    }

    /// Waits for its end for a while.
    ///
    /// @return whether it has ended
    public boolean endsWithin(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void awaitEnd(Duration limit) throws InterruptedException {
        if (!endsWithin(limit)) {
            throw failed("has not ended within " + limit.toSeconds() + " s");
        }
    }

    /// An error about this program, with the end of what it said.
    public BenchException failed(String what) {
        String said = err().strip();
        String lastLines = said.substring(Math.max(0, said.length() - 500));
        return new BenchException(
                command.getFirst() + " " + what + (lastLines.isEmpty() ? "" : ": " + lastLines));
    }

    /// Ends it, by SIGKILL where it does not end in time, and forgets what it wrote. Does nothing
    /// the second time.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException("What a program has written can't be deleted", e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("What a program has written can't be read", e);
        }
    }
}
