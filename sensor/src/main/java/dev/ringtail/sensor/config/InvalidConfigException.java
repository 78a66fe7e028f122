package dev.ringtail.sensor.config;

import java.nio.file.Path;

/// A configuration that can't be used; the message names the file, where it is known to be at
/// fault, the key by its path, what is wrong, and what is allowed.
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /// @param key path of the key, such as `ring.blockSize`; empty for the file as a whole
    public InvalidConfigException(String key, String problem) {
        super(key.isEmpty() ? problem : key + ": " + problem);
        this.key = key;
    }

    private InvalidConfigException(Path file, InvalidConfigException fault) {
        super(file + ": " + fault.getMessage(), fault);
        this.key = fault.key;
    }

    /// The path of the key.
    String key() {
        return key;
    }

    /// The same fault, which names the file that it is in.
    InvalidConfigException in(Path file) {
        return new InvalidConfigException(file, this);
    }
}
