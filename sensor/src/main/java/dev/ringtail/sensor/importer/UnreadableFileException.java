package dev.ringtail.sensor.importer;

/// Nothing of a file can be read; other files may be fine. The message names file and reason.
final class UnreadableFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableFileException(String message) {
        super(message);
    }
}
