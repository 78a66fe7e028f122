package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Values of batches that were read on the way to others, and that the stash has no room for, in a
/// temporary file of their own, so that they need not be fetched again. As that is all they are
/// for, they take a part of what the disk has free, and are given up where it is short.
final class KeptBatches implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeptBatches.class);

    /// One part in so many of what is free may be taken.
    private static final int DISK_PARTS = 4;

    private final SpillFile file;
    private final long maxBytes;
    private final Map<Integer, Place> places = new HashMap<>();
    private boolean givenUp;

    private record Place(long position, int length) {}

    /// @param folder where the file is made
    /// @param maxBytes how long the file may be, where the disk has as much
    KeptBatches(Path folder, long maxBytes) {
        this.file = new SpillFile(folder, 0);
        long freeBytes = folder.toAbsolutePath().toFile().getUsableSpace();
        this.maxBytes = Math.min(maxBytes, freeBytes / DISK_PARTS);
    }

    /// Whether a batch's value is here.
    boolean has(int batch) {
        return places.containsKey(batch);
    }

    /// Keeps a batch's value, if there is room for it.
    ///
    /// @param value whose position stays as it is
    /// @return whether it is here now
    boolean keep(int batch, ByteBuffer value) {
        int length = value.remaining();
        if (givenUp || !file.hasRoomFor(length, maxBytes)) {
            return false;
        }
        try {
            places.put(batch, new Place(file.write(value), length));
            return true;
        } catch (CommandException e) {
            LOGGER.debug("batches are fetched again", e);
            giveUp();
            return false;
        }
    }

    /// Takes a batch's value out.
    ///
    /// @return null if it is not here
    @Nullable ByteBuffer take(int batch) {
        Place place = places.remove(batch);
        if (place == null) {
            return null;
        }
        byte[] value = new byte[place.length];
        file.read(place.position, value, place.length);
        file.free(place.position, place.length);
        return ByteBuffer.wrap(value);
    }

    /// Does something that has to write; if that fails, once more without what is kept here.
    ///
    /// @param writing can be done again where it has thrown
    /// @throws CommandException if it fails all the same
    void makeWayFor(Runnable writing) {
        try {
            writing.run();
        } catch (CommandException e) {
            if (givenUp) {
                throw e;
            }
            LOGGER.debug("what is kept is given up", e);
            giveUp();
            writing.run();
        }
    }

    private void giveUp() {
        givenUp = true;
        places.clear();
        file.close();
    }

    /// Gives the file's room back.
    @Override
    public void close() {
        file.close();
    }
}
