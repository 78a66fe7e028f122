package dev.ringtail.sensor.importer;

import org.jspecify.annotations.Nullable;

/// Kafka can't be used for an import, whatever the file. The message is for the user: what was
/// attempted, what is in the way, and what to do.
public final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
