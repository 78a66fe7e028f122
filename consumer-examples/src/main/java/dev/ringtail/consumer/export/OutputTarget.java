package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Where an export goes: a file, standard output (`-`), or a device or pipe.
///
/// A file comes into being under its name only when it is whole: it is written beside it and
/// renamed by [#commit]. Closed without that, nothing is left of it.
final class OutputTarget implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutputTarget.class);
    private static final String STDOUT = "-";
    private static final String SYSTEM_FOLDER = System.getProperty("java.io.tmpdir");

    private final String name;
    private final OutputStream out;
    private final @Nullable Path temporary;

    private OutputTarget(String name, OutputStream out, @Nullable Path temporary) {
        this.name = name;
        this.out = out;
        this.temporary = temporary;
    }

    /// Whether what is written to a target of this name can be taken back, by closing it without
    /// [#commit]: whether it is to be a file.
    static boolean isRevocable(String name) {
        return !name.equals(STDOUT) && !isDevice(Path.of(name));
    }

    private static boolean isDevice(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }

    /// Opens a target.
    ///
    /// @param endless whether it is written for as long as packets come: few at a time, which are
    ///   on their way when the stream is flushed
    /// @throws CommandException if it cannot be written
    static OutputTarget open(String name, boolean endless) {
        if (name.equals(STDOUT)) {
            return new OutputTarget(name, new FileOutputStream(FileDescriptor.out), null);
        }
        Path file = Path.of(name);
        try {
            if (isDevice(file)) {
                return new OutputTarget(name, Files.newOutputStream(file), null);
            }
            Path temporary =
                    file.resolveSibling(
                            "." + file.getFileName() + "." + ProcessHandle.current().pid());
            OutputStream out =
                    endless
                            ? Files.newOutputStream(
                                    temporary,
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE)
                            : DirectFile.create(temporary);
            return new OutputTarget(name, out, temporary);
        } catch (IOException e) {
            throw cannotWrite(name, e);
        }
    }

    /// Whether what is written can be taken back, by [#close] without [#commit].
    boolean isRevocable() {
        return temporary != null;
    }

    /// As it was given.
    String name() {
        return name;
    }

    /// The stream; whoever closes it must do so before [#commit].
    OutputStream stream() {
        return out;
    }

    /// The error for a failure of the stream.
    CommandException cannotWrite(IOException cause) {
        return cannotWrite(name, cause);
    }

    private static CommandException cannotWrite(String name, IOException cause) {
        return new CommandException("cannot write " + name + ": " + reason(cause), cause);
    }

    /// Exceptions of java.nio.file say what is wrong by their type, and name the temporary file.
    static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException e -> "no such folder";
            case AccessDeniedException e -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }

    /// Where temporary files belong: beside a file, as there is room for as much.
    Path temporaryFolder() {
        Path folder = temporary == null ? Path.of(SYSTEM_FOLDER) : temporary.getParent();
        return folder == null ? Path.of("") : folder;
    }

    /// Whether a failure means that whoever read the output has seen enough.
    boolean isReaderGone(IOException failure) {
        return temporary == null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }

    /// Gives the finished file its name.
    ///
    /// @throws CommandException if that fails
    void commit() {
        if (temporary == null) {
            return;
        }
        try {
            Files.move(temporary, Path.of(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(name, e);
        }
    }

    /// Removes what was not committed.
    @Override
    public void close() {
        try (out) {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // The failure that brought us here is told already; a closed pipe fails again.
            LOGGER.debug("closing {}", name, e);
        }
    }
}
