package dev.ringtail.consumer;

import java.time.Duration;

/// A fault that ends a command with a message for the user and no stack trace. The message says
/// what was attempted, what went wrong, and what to do.
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// A fault without one below it.
    public CommandException(String message) {
        super(message);
    }

    /// A fault with the one below it, whose stack trace only the debug log shows.
    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Nobody has answered.
    public static CommandException noAnswer(
            String bootstrapServer, Duration timeout, Throwable cause) {
        return new CommandException(
                ("no answer from Kafka at %s within %d s; check that the broker runs, and that the"
                                + " address and security.protocol are right")
                        .formatted(bootstrapServer, timeout.toSeconds()),
                cause);
    }
}
