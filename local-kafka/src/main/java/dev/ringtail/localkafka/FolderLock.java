package dev.ringtail.localkafka;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Holds a data folder for one Kafka. Kafka has a lock of its own, which it takes when it has
/// already written to the folder: a second one brings a first that is starting to an end.
///
/// The lock is the process's and gone with it (fcntl(2), F_SETLK); its file stays. Any thread.
final class FolderLock implements AutoCloseable {
    private static final String NAME = ".in-use";

    private final FileChannel file;

    private FolderLock(FileChannel file) {
        this.file = file;
    }

    /// Takes a folder, which is made where it is not there.
    ///
    /// @throws LocalKafkaException if another Kafka has it, or it can't be written to
    static FolderLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel file =
                    FileChannel.open(
                            folder.resolve(NAME),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                file.close();
                throw new LocalKafkaException(
                        "another Kafka uses "
                                + folder
                                + "; end it first, or give this one a folder of its own",
                        null);
            }
            return new FolderLock(file);
        } catch (IOException e) {
            throw new LocalKafkaException("cannot keep Kafka's data in " + folder + ": " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            // It is this process that has it.
            return null;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new LocalKafkaException("cannot give Kafka's folder back: " + e, e);
        }
    }
}
