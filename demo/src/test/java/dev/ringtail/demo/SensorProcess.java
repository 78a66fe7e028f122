package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.testing.Tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The launcher's `sensor` as a process of its own, in the namespace of a lab.
final class SensorProcess implements AutoCloseable {
    private static final String LAUNCHER =
            Path.of("..", "ringtail").toAbsolutePath().normalize().toString();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path err;
    private final Path out;

    /// Starts it and waits until it captures.
    ///
    /// @param folder for what it says
    /// @param name the sensor's
    /// @param before words of the command before the launcher
    SensorProcess(
            CaptureLab lab, Path folder, String name, List<String> before, String... arguments)
            throws IOException {
        err = folder.resolve(name + ".err");
        out = folder.resolve(name + ".out");
        process =
                new ProcessBuilder(command(lab, name, before, arguments))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            awaitText("session ");
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /// Runs one that ends by itself.
    static Tools.Result run(CaptureLab lab, String name, List<String> before, String... arguments) {
        return Tools.run(command(lab, name, before, arguments));
    }

    private static List<String> command(
            CaptureLab lab, String name, List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(LAUNCHER, "sensor", "--sensor", name));
        command.addAll(List.of(arguments));
        return lab.namespace.command(command);
    }

    long pid() {
        return process.pid();
    }

    String stderr() throws IOException {
        return Files.readString(err);
    }

    /// Waits until it has said something; no longer than it runs.
    void awaitText(String text) {
        await().atMost(PATIENCE)
                .failFast(
                        () ->
                                assertThat(process.isAlive() || stderr().contains(text))
                                        .as(stderr())
                                        .isTrue())
                .untilAsserted(() -> assertThat(stderr()).contains(text));
    }

    /// Interrupts it and waits for its end, which has to be a good one.
    ///
    /// @return its ledger
    String stop() throws Exception {
        return stop(0);
    }

    /// Interrupts it and waits for its end.
    ///
    /// @param exit the exit code it has to have
    /// @return its ledger
    String stop(int exit) throws Exception {
        Tools.run("kill", "-INT", Long.toString(process.pid())).orFail();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(stderr()).isEqualTo(exit);
        return Files.readString(out);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
