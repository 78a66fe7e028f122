package dev.ringtail.sensor.transmit;

import org.jspecify.annotations.Nullable;

/// Frames can't be put where they should go. The message is for the user: what was attempted, what
/// is in the way, and what to do.
public final class TransmitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransmitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
