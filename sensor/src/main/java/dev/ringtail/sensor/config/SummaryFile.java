package dev.ringtail.sensor.config;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Where a command writes its ledger (`--summary`), looked at before it begins and not when it is
/// over.
public final class SummaryFile {
    private static final String OPTION = "--summary";

    private SummaryFile() {}

    /// Refuses a file that can't be written, or would take the place of another one.
    ///
    /// @param file null where none is wanted
    /// @param captures files that the command reads or writes
    /// @throws InvalidConfigException if it is refused
    public static void check(@Nullable Path file, Collection<Path> captures) {
        if (file == null) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw new InvalidConfigException(OPTION, file + " is a folder; name a file");
        }
        Path folder = file.toAbsolutePath().resolveSibling(".");
        if (!Files.isDirectory(folder)) {
            throw new InvalidConfigException(OPTION, "no such folder: " + file);
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new InvalidConfigException(
                    OPTION, file + " can't be written; name a file in a folder that can");
        }
        for (Path capture : captures) {
            if (isSame(file, capture)) {
                throw new InvalidConfigException(
                        OPTION,
                        file + " is the capture file, which it would replace; name another");
            }
        }
    }

    /// The same, of a command without capture files.
    public static void check(@Nullable Path file) {
        check(file, List.of());
    }

    private static boolean isSame(Path file, Path capture) {
        try {
            return Files.isRegularFile(file) && Files.isSameFile(file, capture)
                    || whole(file).equals(whole(capture));
        } catch (IOException e) {
            return false;
        }
    }

    /// By the folder's own path, whatever links lead to it; the file need not be there.
    private static Path whole(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        return absolute.resolveSibling(".").toRealPath().resolve(absolute.getFileName());
    }
}
