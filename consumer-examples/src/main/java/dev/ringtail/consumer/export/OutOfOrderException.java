package dev.ringtail.consumer.export;

/// A batch came of which packets belong before some that have been written.
final class OutOfOrderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param message what came after what
    OutOfOrderException(String message) {
        super(message);
    }
}
