package dev.ringtail.consumer.flows;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The folder that Kafka Streams works in: the user's, or a temporary one that is deleted when
/// closed.
final class StateFolder implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(StateFolder.class);

    private final Path path;
    private final boolean temporary;

    /// @param chosen the user's folder, or null for a temporary one
    StateFolder(@Nullable Path chosen) {
        try {
            temporary = chosen == null;
            path = chosen == null ? Files.createTempDirectory("ringtail-flows") : chosen;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder", e);
        }
    }

    /// Where it is.
    Path path() {
        return path;
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> childrenFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : childrenFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOGGER.warn("temporary folder {} stays: {}", path, e.toString());
        }
    }
}
