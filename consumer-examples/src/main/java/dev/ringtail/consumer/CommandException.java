package dev.ringtail.consumer;

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
}
