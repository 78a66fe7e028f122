package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/// Bytes that memory has no room for, in a temporary file. There is none before the first of them,
/// and it has no name from then on, so that nothing is left of it however the process ends. Places
/// are powers of two of bytes, and are used again.
final class SpillFile implements AutoCloseable {
    private static final int MIN_PLACE_BYTES = 4 * 1024;

    private final Path folder;

    /// Positions in the file that are free, by the bytes that have room there.
    private final Map<Long, Deque<Long>> free = new TreeMap<>();

    private @Nullable FileChannel file;
    private long end;

    /// @param folder where the file is made
    SpillFile(Path folder) {
        this.folder = folder;
    }

    /// Keeps a part of an array.
    ///
    /// @return its position in the file
    /// @throws CommandException if it cannot be written
    long write(byte[] array, int offset, int length) {
        Deque<Long> places = free.get(placeBytes(length));
        long position;
        if (places == null || places.isEmpty()) {
            position = end;
            end += placeBytes(length);
        } else {
            position = places.pop();
        }
        try {
            ByteBuffer source = ByteBuffer.wrap(array, offset, length);
            while (source.hasRemaining()) {
                open().write(source, position + source.position() - offset);
            }
            return position;
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    /// Bytes from a position on that were written.
    ///
    /// @throws CommandException if they cannot be read
    byte[] read(long position, int length) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (open().read(bytes, position + bytes.position()) < 0) {
                    throw new IOException("it ends at byte " + (position + bytes.position()));
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /// Says that what was written is not needed any more.
    void free(long position, int length) {
        free.computeIfAbsent(placeBytes(length), bytes -> new ArrayDeque<>()).push(position);
    }

    /// Bytes of the file.
    long bytes() {
        return end;
    }

    private static long placeBytes(int length) {
        return Math.max(MIN_PLACE_BYTES, Long.highestOneBit(2L * length - 1));
    }

    private FileChannel open() throws IOException {
        FileChannel opened = file;
        if (opened == null) {
            Path path = Files.createTempFile(folder, ".ringtail-export-", "");
            opened =
                    FileChannel.open(
                            path,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE);
            file = opened;
        }
        return opened;
    }

    private CommandException failed(String what, IOException cause) {
        return new CommandException(
                "cannot %s a temporary file in %s, where batches wait that memory has no room for: %s"
                        .formatted(what, folder.toAbsolutePath(), OutputTarget.reason(cause)),
                cause);
    }

    /// Gives its room back.
    ///
    /// @throws CommandException if that fails
    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw failed("close", e);
        }
    }
}
