package dev.ringtail.bench.rig;

import org.jspecify.annotations.Nullable;

/// A measurement failed. The message is fit for a user: what was run, and what went wrong.
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param message what was run, and what went wrong
    public BenchException(String message) {
        this(message, null);
    }

    /// @param message what was run, and what went wrong
    public BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
