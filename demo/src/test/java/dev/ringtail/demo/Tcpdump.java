package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.NetworkNamespace;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A tcpdump in a network namespace, writing nanoseconds.
final class Tcpdump implements AutoCloseable {
    private final Process process;
    private final Path file;

    private Tcpdump(Process process, Path file) {
        this.process = process;
        this.file = file;
    }

    /// Starts it and waits until it listens.
    ///
    /// @param arguments interface, link type, filter
    static Tcpdump start(NetworkNamespace namespace, Path file, List<String> arguments)
            throws IOException {
        Path messages = file.resolveSibling(file.getFileName() + ".err");
        List<String> command = new ArrayList<>(List.of("tcpdump", "-U", "-B", "65536"));
        command.addAll(List.of("--time-stamp-precision=nano", "-w", file.toString()));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(namespace.command(command))
                        .redirectError(messages.toFile())
                        .start();
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(Files.readString(messages)).contains("listening on"));
        return new Tcpdump(process, file);
    }

    /// Waits until a packet is there that has these bytes in it.
    ///
    /// @param hex in hexadecimal digits
    /// @return all packets that are there then
    List<FilePacket> await(String hex) throws IOException {
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> CaptureLab.read(file).stream().anyMatch(p -> p.contains(hex)));
        return CaptureLab.read(file);
    }

    @Override
    public void close() {
        process.destroy();
        assertThat(process.onExit().orTimeout(10, TimeUnit.SECONDS).join()).isNotNull();
    }
}
