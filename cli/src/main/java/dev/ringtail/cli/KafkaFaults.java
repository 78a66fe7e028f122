package dev.ringtail.cli;

import org.apache.kafka.common.errors.AuthorizationException;

import java.nio.file.FileSystemException;
import java.util.regex.Pattern;

/// What faults of Kafka's clients mean to a user.
public final class KafkaFaults {
    /// What a producer says where no broker answers as well as where there is no such topic.
    private static final Pattern NO_METADATA =
            Pattern.compile("^Topic (\\S+) not present in metadata after (\\d+) ms\\.$");

    private static final String NO_METADATA_MEANS =
            "nothing heard of topic $1 for $2 ms: no broker answers, or it is not there";

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
        return inner instanceof FileSystemException
                ? name + ": " + message
                : NO_METADATA.matcher(message).replaceFirst(NO_METADATA_MEANS);
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
