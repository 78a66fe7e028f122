package dev.ringtail.demo;

/// The demo can't go on. The message is for the user: what was attempted, why it failed, what to
/// do.
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
