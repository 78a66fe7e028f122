package dev.ringtail.localkafka;

import org.jspecify.annotations.Nullable;

/// The local Kafka did not start. The message is fit for a user: what was attempted, why it failed,
/// what to do.
public final class LocalKafkaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalKafkaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
