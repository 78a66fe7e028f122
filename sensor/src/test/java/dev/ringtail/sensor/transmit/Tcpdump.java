package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.testing.NetworkNamespace;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// tcpdump on an interface of a namespace, as the witness of what arrives there. The probes that
/// `forward` looks for loops with are left out: they come when their time comes.
final class Tcpdump implements AutoCloseable {
    private static final String LOOP_PROBE = "ringtail loop probe";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Process process;
    private final Path file;

    private Tcpdump(Process process, Path file) {
        this.process = process;
        this.file = file;
    }

    /// Starts it and waits until it listens.
    static Tcpdump start(NetworkNamespace namespace, String interfaceName, Path folder)
            throws IOException {
        Path file = Files.createTempFile(folder, interfaceName, ".pcap");
        Path messages = Files.createTempFile(folder, interfaceName, ".err");
        Process process =
                new ProcessBuilder(
                                namespace.command(
                                        List.of(
                                                "tcpdump",
                                                "-i",
                                                interfaceName,
                                                "-U",
                                                "-B",
                                                "65536",
                                                "-w",
                                                file.toString())))
                        .redirectError(messages.toFile())
                        .start();
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(Files.readString(messages)).contains("listening on"));
        return new Tcpdump(process, file);
    }

    /// Waits until so many frames are there.
    ///
    /// @return all that are there then
    List<byte[]> await(int count) {
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(read(file)).hasSizeGreaterThanOrEqualTo(count));
        try {
            return read(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// What it writes.
    Path file() {
        return file;
    }

    /// The frames of a capture file.
    static List<byte[]> read(Path file) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                byte[] frame =
                        Arrays.copyOfRange(
                                reader.data(),
                                reader.dataOffset(),
                                reader.dataOffset() + reader.dataLength());
                if (!new String(frame, StandardCharsets.ISO_8859_1).contains(LOOP_PROBE)) {
                    frames.add(frame);
                }
            }
        }
        return frames;
    }

    @Override
    public void close() {
        process.destroy();
        assertThat(process.onExit().orTimeout(10, TimeUnit.SECONDS).join()).isNotNull();
    }
}
