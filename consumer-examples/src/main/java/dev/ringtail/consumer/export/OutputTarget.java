package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/// Where an export goes: a file, standard output (`-`), or a device or pipe.
///
/// A file comes into being under its name only when it is whole: it is written beside it and
/// renamed by [#commit]. Closed without that, nothing is left of it. One that grows for as long as
/// packets come has its name from the start, and keeps what was written.
final class OutputTarget implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutputTarget.class);
    private static final String STDOUT = "-";
    private static final String SYSTEM_FOLDER = System.getProperty("java.io.tmpdir");

    /// As Linux allows (path_resolution(7)).
    private static final int MAX_LINKS = 40;

    private final String name;
    private final OutputStream out;

    /// Null where it is none.
    private final @Nullable Path file;

    /// Where a file is written until it is whole.
    private final @Nullable Path temporary;

    private long wholeBytes;

    private OutputTarget(
            String name, OutputStream out, @Nullable Path file, @Nullable Path temporary) {
        this.name = name;
        this.out = out;
        this.file = file;
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
            return new OutputTarget(name, new FileOutputStream(FileDescriptor.out), null, null);
        }
        try {
            Path file = withoutLinks(Path.of(name));
            if (isDevice(file)) {
                return new OutputTarget(name, Files.newOutputStream(file), null, null);
            }
            return endless
                    ? new OutputTarget(name, Files.newOutputStream(file), file, null)
                    : besides(name, file);
        } catch (IOException e) {
            throw cannotWrite(name, e);
        }
    }

    /// What a symbolic link means, there or not: renaming would put the file in the link's place.
    private static Path withoutLinks(Path name) throws IOException {
        Path file = name;
        for (int i = 0; Files.isSymbolicLink(file); i++) {
            if (i == MAX_LINKS) {
                throw new FileSystemLoopException(name.toString());
            }
            file = file.resolveSibling(Files.readSymbolicLink(file));
        }
        return file;
    }

    private static OutputTarget besides(String name, Path file) throws IOException {
        Path temporary =
                file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
        OutputStream out = DirectFile.create(temporary);
        OutputTarget target = new OutputTarget(name, out, file, temporary);
        try {
            if (Files.exists(file)) {
                takeAttributes(file, temporary);
            }
            return target;
        } catch (IOException e) {
            target.close();
            throw e;
        }
    }

    /// Lets in whoever may read or write the file that is to be replaced, and nobody else.
    private static void takeAttributes(Path from, Path to) throws IOException {
        PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        view.setPermissions(old.permissions());
        try {
            view.setOwner(old.owner());
            view.setGroup(old.group());
        } catch (FileSystemException e) {
            // Only root gives files away.
            LOGGER.debug("{} keeps its owner", to, e);
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
            case FileSystemLoopException e -> "too many symbolic links";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }

    /// Where temporary files belong: beside a file, as there is room for as much.
    Path temporaryFolder() {
        Path folder = file == null ? Path.of(SYSTEM_FOLDER) : file.getParent();
        return folder == null ? Path.of("") : folder;
    }

    /// Whether a failure means that whoever read the output has seen enough.
    boolean isReaderGone(IOException failure) {
        return file == null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }

    /// Says that what was written, and flushed, ends with a whole packet.
    ///
    /// @throws IOException if the file's size can't be told
    void markWhole() throws IOException {
        if (file != null && temporary == null) {
            wholeBytes = Files.size(file);
        }
    }

    /// Takes the part of a packet away that was written when a disk became full.
    ///
    /// @throws IOException if the file can't be cut
    void cutToWhole() throws IOException {
        if (file != null && wholeBytes > 0) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(wholeBytes);
            }
        }
    }

    /// Gives the finished file its name.
    ///
    /// @throws CommandException if that fails
    void commit() {
        if (file == null || temporary == null) {
            return;
        }
        try {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
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
