package dev.ringtail.localkafka;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Holds a data folder for one Kafka. Kafka has a lock of its own, which it takes when it has
/// already written to the folder: a second one brings a first that is starting to an end.
///
/// The lock is the process's and gone with it (fcntl(2), F_SETLK); its file stays. Closing any
/// descriptor of that file gives the process's lock up, so that a folder that this process has is
/// found out without opening it. Any thread.
final class FolderLock implements AutoCloseable {
    private static final String NAME = ".in-use";

    /// Folders that this process has, by their real paths.
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel file;

    private FolderLock(Path folder, FileChannel file) {
        this.folder = folder;
        this.file = file;
    }

    /// Takes a folder, which is made where it is not there.
    ///
    /// @throws LocalKafkaException if another Kafka has it, or it can't be written to
    static FolderLock take(Path folder) {
        try {
            Path real = Files.createDirectories(folder).toRealPath();
            if (!TAKEN.add(real)) {
                throw inUse(folder);
            }
            try {
                return lock(folder, real);
            } catch (IOException | RuntimeException e) {
                TAKEN.remove(real);
                throw e;
            }
        } catch (IOException e) {
            throw new LocalKafkaException("cannot keep Kafka's data in " + folder + ": " + e, e);
        }
    }

    private static FolderLock lock(Path folder, Path real) throws IOException {
        FileChannel file =
                FileChannel.open(
                        real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw inUse(folder);
            }
            return new FolderLock(real, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static LocalKafkaException inUse(Path folder) {
        return new LocalKafkaException(
                "another Kafka uses "
                        + folder
                        + "; end it first, or give this one a folder of its own",
                null);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new LocalKafkaException("cannot give Kafka's folder back: " + e, e);
        } finally {
            TAKEN.remove(folder);
        }
    }
}
