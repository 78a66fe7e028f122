package dev.ringtail.sensor.owntraffic;

import org.jspecify.annotations.Nullable;

/// The JVM can't tell this process's own connections. The message says what to start it with.
public final class OwnTrafficException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OwnTrafficException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
