package dev.ringtail.demo;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// Where a command keeps its data: a folder that the user named, which stays, or a temporary one,
/// which goes at close.
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final boolean temporary;

    private DataFolder(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /// The named folder, or a new temporary one for null.
    ///
    /// @throws DemoException when no temporary folder can be made
    static DataFolder of(@Nullable Path named) {
        if (named != null) {
            return new DataFolder(named.toAbsolutePath(), false);
        }
        try {
            return new DataFolder(Files.createTempDirectory("ringtail-"), true);
        } catch (IOException e) {
            throw new DemoException(
                    "cannot make a temporary folder for Kafka's data ("
                            + e
                            + "); name one with --data",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /// Kafka's part of it; the same for every command, so that one finds what another has kept.
    Path kafka() {
        return path.resolve("kafka");
    }

    boolean isTemporary() {
        return temporary;
    }

    /// Bytes that the file system still has room for.
    long usableBytes() {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw new DemoException("cannot tell how much room there is in " + path + ": " + e, e);
        }
    }

    /// Removes a temporary folder and all in it.
    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try {
            Files.walkFileTree(path, new Remover());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the temporary folder " + path, e);
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault)
                throws IOException {
            if (fault != null) {
                throw fault;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
