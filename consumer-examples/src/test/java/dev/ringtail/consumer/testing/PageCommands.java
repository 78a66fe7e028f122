package dev.ringtail.consumer.testing;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.testing.Tools;
import dev.ringtail.testing.Tools.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/// Runs what a page of `docs/` has a reader type, as it is but for the broker's address, in a
/// folder where the programs are that it names.
public final class PageCommands {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Path folder;
    private final LocalKafka kafka;

    /// @param folder where programs and files are
    /// @param kafka what the pages call `kafka:9092`
    public PageCommands(Path folder, LocalKafka kafka) {
        this.folder = folder;
        this.kafka = kafka;
    }

    /// Makes a program of a class on this JVM's class path.
    public PageCommands program(String name, String mainClass) throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve(name),
                        """
                        #!/bin/sh
                        exec '%s' --enable-native-access=ALL-UNNAMED -Xmx128m -cp '%s' %s "$@"
                        """
                                .formatted(
                                        Path.of(System.getProperty("java.home"), "bin", "java"),
                                        System.getProperty("java.class.path"),
                                        mainClass));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return this;
    }

    /// Runs commands in a shell.
    ///
    /// @throws AssertionError if one of them fails
    public Result run(String commands) {
        return Tools.run(
                        TIMEOUT,
                        List.of(
                                "env",
                                "--chdir=" + folder,
                                "PATH=" + folder + ":" + System.getenv("PATH"),
                                "bash",
                                "-euc",
                                commands.replace("kafka:9092", kafka.bootstrapServers())))
                .orFail();
    }
}
