package dev.ringtail.consumer.export;

import dev.ringtail.cli.FileFaults;
import dev.ringtail.consumer.CommandException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Where an export goes: a file, standard output (`-`), or a device or pipe.
///
/// A file comes into being under its name only when it is whole: it is written beside it and
/// renamed by [#commit]. Closed without that, nothing is left of it. One that grows for as long as
/// packets come has its name from the start, and keeps what was written ([GrowingFile]).
final class OutputTarget implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutputTarget.class);
    private static final String STDOUT = "-";
    private static final String SYSTEM_FOLDER = System.getProperty("java.io.tmpdir");

    /// As Linux allows (path_resolution(7)).
    private static final int MAX_LINKS = 40;

    static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Map<PosixFilePermission, PosixFilePermission> GROUP_AND_OTHERS =
            Map.of(
                    PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private final String name;
    private final OutputStream out;

    /// Null where it is none.
    private final @Nullable Path file;

    /// Where a file is written until it is whole.
    private final @Nullable Path temporary;

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
            // Links that procfs has for pipes (bash's process substitution) name no file.
            if (isDevice(Path.of(name))) {
                return new OutputTarget(name, Files.newOutputStream(Path.of(name)), null, null);
            }
            Path file = withoutLinks(Path.of(name));
            return endless
                    ? new OutputTarget(name, new GrowingFile(file), file, null)
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
        if (!Files.exists(file)) {
            return new OutputTarget(name, DirectFile.create(temporary), file, temporary);
        }
        OutputStream out = DirectFile.create(temporary, OWNER_ALONE);
        OutputTarget target = new OutputTarget(name, out, file, temporary);
        try {
            takeAttributes(file, temporary);
            return target;
        } catch (IOException e) {
            target.close();
            throw e;
        }
    }

    /// Gives a file the owner, group and permissions of the one that it is to replace, as far as
    /// that is allowed; it lets nobody in whom that one kept out. The owner comes last: who has
    /// given a file away may no longer change its permissions.
    private static void takeAttributes(Path from, Path to) throws IOException {
        PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        take(() -> view.setGroup(old.group()), "group", to);
        Set<PosixFilePermission> permissions =
                view.readAttributes().group().equals(old.group())
                        ? old.permissions()
                        : withoutGroup(old.permissions());
        take(() -> view.setPermissions(permissions), "permissions", to);
        take(() -> view.setOwner(old.owner()), "owner", to);
    }

    /// What may be allowed where a file can't be given to the group that its permissions were for:
    /// nobody knows who of the new group and of all others was in the old one, so both may what
    /// both might.
    static Set<PosixFilePermission> withoutGroup(Set<PosixFilePermission> permissions) {
        Set<PosixFilePermission> changed = new HashSet<>(permissions);
        GROUP_AND_OTHERS.forEach(
                (group, others) -> {
                    if (!permissions.contains(group) || !permissions.contains(others)) {
                        changed.remove(group);
                        changed.remove(others);
                    }
                });
        return changed;
    }

    /// Something that a file system may refuse: only root gives files away, and where permissions
    /// are those of the mount nobody changes them.
    @FunctionalInterface
    private interface Change {
        void apply() throws IOException;
    }

    private static void take(Change change, String what, Path of) {
        try {
            change.apply();
        } catch (IOException e) {
            LOGGER.debug("{} keeps its {}", of, what, e);
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
        return file != null && temporary == null
                ? cannotWrite(name, cause, "; what came before is in it, in whole packets")
                : cannotWrite(name, cause);
    }

    private static CommandException cannotWrite(String name, IOException cause) {
        return cannotWrite(name, cause, "");
    }

    private static CommandException cannotWrite(String name, IOException cause, String remains) {
        return new CommandException("cannot write " + name + ": " + reason(cause) + remains, cause);
    }

    /// What is wrong with a file to be made, without the name of the temporary one.
    static String reason(IOException cause) {
        return cause instanceof NoSuchFileException ? "no such folder" : FileFaults.reason(cause);
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
