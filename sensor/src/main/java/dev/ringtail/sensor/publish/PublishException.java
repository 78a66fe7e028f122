package dev.ringtail.sensor.publish;

/// Kafka can't be used as asked. The message is for the user: what was attempted, what is in the
/// way, and what to do.
public final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PublishException(String message) {
        super(message);
    }

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
