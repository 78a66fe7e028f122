package dev.ringtail.testing;

import dev.ringtail.testing.Tools.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runs what a page of `docs/` has a reader type, as it is but for some words, in a folder where
/// the programs are that it names.
public final class PageCommands {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Path folder;
    private final Map<String, String> replacements;

    /// @param folder where programs and files are
    /// @param replacements by what the page says, such as `kafka:9092`: what is here in its place
    public PageCommands(Path folder, Map<String, String> replacements) {
        this.folder = folder;
        this.replacements = replacements;
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
        String here = commands;
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            here = here.replace(replacement.getKey(), replacement.getValue());
        }
        return Tools.run(
                        TIMEOUT,
                        List.of(
                                "env",
                                "--chdir=" + folder,
                                "PATH=" + folder + ":" + System.getenv("PATH"),
                                "bash",
                                "-euc",
                                here))
                .orFail();
    }
}
