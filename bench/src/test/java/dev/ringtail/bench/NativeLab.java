package dev.ringtail.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A network namespace with a link that carries nothing of its own, and the bench's programs in C
/// and Go, compiled as strictly as they can be.
public final class NativeLab implements AutoCloseable {
    /// The link's end that is injected into and captured on.
    public static final String LINK = "b0";

    private static final Path SOURCES = Path.of("src/main/native");
    private static final int LIMIT_SECONDS = 30;

    private final NetworkNamespace namespace = NetworkNamespace.create();
    private final Path folder;
    private final Path inject;

    /// @param folder where programs and what they write go
    public NativeLab(Path folder) {
        this.folder = folder;
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        namespace.run("ip link add %s type veth peer name b1".formatted(LINK));
        namespace.run("ip link set %s up".formatted(LINK));
        namespace.run("ip link set b1 up");
        inject = compileC("inject");
    }

    /// The namespace.
    public NetworkNamespace namespace() {
        return namespace;
    }

    /// Compiles a program in C.
    ///
    /// @param libraries as `-l` takes them
    public Path compileC(String name, String... libraries) {
        Path program = folder.resolve(name);
        List<String> command =
                new ArrayList<>(List.of("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o"));
        command.add(program.toString());
        command.add(SOURCES.resolve(name + ".c").toString());
        for (String library : libraries) {
            command.add("-l" + library);
        }
        Tools.run(command).orFail();
        return program;
    }

    /// Compiles a program in Go with the libraries that Debian has.
    public Path compileGo(String name) {
        Path program = folder.resolve(name);
        Tools.run(
                        "env",
                        "GO111MODULE=off",
                        "GOPATH=/usr/share/gocode",
                        "GOCACHE=" + folder.resolve("go"),
                        "go",
                        "build",
                        "-o",
                        program.toString(),
                        SOURCES.resolve(name + ".go").toString())
                .orFail();
        return program;
    }

    /// The injector's command line, on [#LINK].
    ///
    /// @param options separated by single spaces
    public List<String> injector(String options) {
        List<String> command = new ArrayList<>(List.of(inject.toString(), "--interface", LINK));
        command.addAll(List.of(options.split(" ")));
        return List.copyOf(command);
    }

    /// Injects to the end.
    ///
    /// @return what the injector says that it did
    public JsonNode inject(String options) {
        return json(Tools.run(namespace.command(injector(options))).orFail().stdout());
    }

    /// Starts a program inside that captures, and waits until it does.
    public Running start(List<String> command) throws IOException {
        Path stdout = Files.createTempFile(folder, "running", ".out");
        Path stderr = Files.createTempFile(folder, "running", ".err");
        Running running =
                new Running(
                        new ProcessBuilder(namespace.command(command))
                                .redirectOutput(stdout.toFile())
                                .redirectError(stderr.toFile())
                                .start(),
                        stdout);
        await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(
                        () ->
                                assertThat(Files.readString(stderr))
                                        .as("%s", command)
                                        .contains("listening"));
        return running;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        namespace.close();
    }

    /// A program that runs until it is stopped.
    public record Running(Process process, Path stdout) implements AutoCloseable {
        /// Ends it by SIGTERM.
        ///
        /// @return what it printed
        public String stop() throws IOException {
            close();
            return Files.readString(stdout);
        }

        /// Ends it by SIGTERM.
        ///
        /// @return what it printed, as JSON
        public JsonNode result() throws IOException {
            return json(stop());
        }

        @Override
        public void close() {
            process.destroy();
            assertThat(process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join())
                    .isNotNull();
        }
    }
}
