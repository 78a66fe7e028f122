package dev.ringtail.sensor.config;

/// A configuration that can't be used; the message names the key by its path, what is wrong, and
/// what is allowed.
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param key path of the key, such as `ring.blockSize`; empty for the file as a whole
    public InvalidConfigException(String key, String problem) {
        super(key.isEmpty() ? problem : key + ": " + problem);
    }
}
