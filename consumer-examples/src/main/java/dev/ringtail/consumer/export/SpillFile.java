package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Bytes that memory has no room for, in a temporary file. There is none before the first of them,
/// and it loses its name when it is opened, so that nothing is left of it however the process ends.
/// Places in it are powers of two of bytes, and are used again.
final class SpillFile implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(SpillFile.class);
    private static final int MIN_PLACE_BYTES = 4 * 1024;
    private static final int MIN_SPAN_BYTES = 512;
    private static final int MAX_SPAN_BYTES = 8 * 1024;

    private final Path folder;
    private final long memoryBytes;

    /// Positions in the file that are free, by the bytes that have room there.
    private final Map<Long, Deque<Long>> free = new HashMap<>();

    private @Nullable FileChannel file;
    private long end;
    private int usedPlaces;

    /// @param folder where the file is made
    /// @param memoryBytes about how many bytes may come back into memory at one time
    SpillFile(Path folder, long memoryBytes) {
        this.folder = folder;
        this.memoryBytes = memoryBytes;
    }

    /// How many bytes at a time should be read by whoever writes next: the less, the more places
    /// there are to be read from.
    int spanBytes() {
        return Math.clamp(memoryBytes / (usedPlaces + 1), MIN_SPAN_BYTES, MAX_SPAN_BYTES);
    }

    /// Whether so many bytes can be kept in a file that is not longer than so much.
    boolean hasRoomFor(int length, long maxBytes) {
        Deque<Long> places = free.get(placeBytes(length));
        return (places != null && !places.isEmpty()) || end + placeBytes(length) <= maxBytes;
    }

    /// Keeps the remaining bytes of a buffer, whose position stays as it is.
    ///
    /// @return its position in the file
    /// @throws CommandException if it cannot be written
    long write(ByteBuffer bytes) {
        int length = bytes.remaining();
        Deque<Long> places = free.get(placeBytes(length));
        long position;
        if (places == null || places.isEmpty()) {
            position = end;
            end += placeBytes(length);
        } else {
            position = places.pop();
        }
        usedPlaces++;
        try {
            ByteBuffer source = bytes.slice();
            while (source.hasRemaining()) {
                open().write(source, position + source.position());
            }
            return position;
        } catch (IOException e) {
            free(position, length);
            throw failed("write", e);
        }
    }

    /// Brings bytes from a position on that were written to the beginning of an array.
    ///
    /// @throws CommandException if they cannot be read
    void read(long position, byte[] array, int length) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(array, 0, length);
            while (bytes.hasRemaining()) {
                if (open().read(bytes, position + bytes.position()) < 0) {
                    throw new IOException("it ends at byte " + (position + bytes.position()));
                }
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /// Says that what was written is not needed any more.
    void free(long position, int length) {
        free.computeIfAbsent(placeBytes(length), bytes -> new ArrayDeque<>()).push(position);
        usedPlaces--;
    }

    /// Count of places that are not free.
    int usedPlaces() {
        return usedPlaces;
    }

    private static long placeBytes(int length) {
        return Math.max(MIN_PLACE_BYTES, Long.highestOneBit(2L * length - 1));
    }

    private FileChannel open() throws IOException {
        FileChannel opened = file;
        if (opened == null) {
            opened =
                    FileChannel.open(
                            folder.resolve(".ringtail-export-" + UUID.randomUUID()),
                            Set.of(
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.DELETE_ON_CLOSE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
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
    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // What was in it is not needed any more.
            LOGGER.debug("closing a temporary file in {}", folder, e);
        }
    }
}
