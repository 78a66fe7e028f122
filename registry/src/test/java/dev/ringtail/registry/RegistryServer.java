package dev.ringtail.registry;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A registry that we did not write: Apicurio's server, in a process of its own on the loopback
/// address, with storage in memory. The build unpacks it.
public final class RegistryServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Path SERVER = Path.of(System.getProperty("apicurio.folder"));
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private RegistryServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts a server on a free port.
    ///
    /// @param folder for its log
    public static RegistryServer start(Path folder) throws IOException {
        return start(folder, freePort(), Map.of());
    }

    /// Starts a server and waits until it listens.
    ///
    /// @param folder for its log
    /// @param port for HTTP
    /// @param properties of Quarkus, beside ours
    public static RegistryServer start(Path folder, int port, Map<String, String> properties)
            throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-Dquarkus.http.host=" + HOST,
                                "-Dquarkus.http.port=" + port));
        properties.forEach((name, value) -> line.add("-D" + name + "=" + value));
        line.addAll(List.of("-jar", jar().toString()));
        Path log = folder.resolve("registry-" + port + ".log");
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        RegistryServer server = new RegistryServer(process, port);
        try {
            Awaitility.await("registry server, log " + log)
                    .atMost(START_LIMIT)
                    .until(
                            () ->
                                    !process.isAlive()
                                            || Files.readString(log).contains("started in"));
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(log));
            }
        } catch (RuntimeException | IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static Path jar() throws IOException {
        try (var files = Files.list(SERVER)) {
            return files.filter(f -> f.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// A port that nothing listens on.
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The value for `schema.registry.url` of a server on a port.
    public static String url(int port) {
        return "http://" + HOST + ":" + port + "/apis/ccompat/v7";
    }

    /// The value for `schema.registry.url`.
    public String url() {
        return url(port);
    }

    /// Ends the server, and waits until it has ended.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
