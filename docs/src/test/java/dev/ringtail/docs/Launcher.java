package dev.ringtail.docs;

import dev.ringtail.sensor.StopSignal;
import dev.ringtail.testing.Tools;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// The launcher of this checkout, and stand-ins for it.
final class Launcher {
    static final Path FILE = Path.of("..", "ringtail").toAbsolutePath().normalize();

    private Launcher() {}

    /// Has a command parse its arguments, and do nothing else.
    ///
    /// @param arguments its name, and what follows
    /// @throws CommandLine.ParameterException if it does not take them
    static void parse(List<String> arguments) {
        Stream.of(
                        dev.ringtail.sensor.Main.commandLine(StopSignal.never()),
                        dev.ringtail.consumer.Main.commandLine(),
                        dev.ringtail.demo.Main.commandLine(StopSignal.never()),
                        dev.ringtail.bench.Main.commandLine(() -> {}))
                .filter(module -> module.getSubcommands().containsKey(arguments.getFirst()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command " + arguments))
                .parseArgs(arguments.toArray(String[]::new));
    }

    /// Whether a user may run it: whoever is not root needs to get through the folders above it.
    static boolean isRunnableBy(String user) {
        return Tools.run(
                                "setpriv",
                                "--reuid=" + user,
                                "--regid=" + user,
                                "--clear-groups",
                                "test",
                                "-x",
                                FILE.toString())
                        .exit()
                == 0;
    }

    /// Writes a shell script that anybody may run.
    static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The command line that runs it.
    static List<String> command(String... arguments) {
        return Stream.concat(Stream.of(FILE.toString()), Stream.of(arguments)).toList();
    }
}
