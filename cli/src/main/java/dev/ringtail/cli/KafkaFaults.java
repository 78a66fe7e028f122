package dev.ringtail.cli;

import org.apache.kafka.common.errors.AuthorizationException;

import java.nio.file.FileSystemException;

/// What faults of Kafka's clients mean to a user.
public final class KafkaFaults {
    private KafkaFaults() {}

    /// One line that says what is wrong, from the innermost cause.
    public static String describe(Throwable fault) {
        Throwable inner = innermost(fault);
        String name = inner.getClass().getSimpleName();
        String message = inner.getMessage();
        if (message == null || message.isBlank()) {
            return name;
        }
        // Its message is often the path alone.
        return inner instanceof FileSystemException ? name + ": " + message : message;
    }

    /// The same, and what to grant where something was not allowed: Kafka names no operation.
    ///
    /// @param right what was needed, such as `READ on topic capture.packets`
    public static String describe(Throwable fault, String right) {
        String what = describe(fault);
        return innermost(fault) instanceof AuthorizationException
                ? "not allowed (" + what + "); grant " + right
                : what;
    }

    private static Throwable innermost(Throwable fault) {
        Throwable inner = fault;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
