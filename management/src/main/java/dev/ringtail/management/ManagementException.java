package dev.ringtail.management;

/// A management endpoint that can't be opened; the message is for the user.
public final class ManagementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ManagementException(String message, Throwable cause) {
        super(message, cause);
    }
}
