package dev.ringtail.bench.rig;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The programs of this machine.
public final class Programs {
    private Programs() {}

    /// Why a program can't be run; empty where it is on the path.
    public static Optional<String> missing(String program) {
        boolean found =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        return found ? Optional.empty() : Optional.of(program + " is not on the path");
    }
}
