package dev.ringtail.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The launcher of this checkout.
final class Launcher {
    static final Path FILE = Path.of("..", "ringtail").toAbsolutePath().normalize();

    private Launcher() {}

    /// The command line that runs it.
    static List<String> command(String... arguments) {
        return Stream.concat(Stream.of(FILE.toString()), Stream.of(arguments)).toList();
    }
}
