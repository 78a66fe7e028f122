package dev.ringtail.sensor.publish;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;

import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// What Kafka's exceptions mean for packets and for people.
public final class Faults {
    private Faults() {}

    /// Whether the fault says for certain that the record is not in the topic and never will be.
    ///
    /// Timeouts and lost connections leave that open. So does a producer that is out of sequence,
    /// or one that was closed before the answer came.
    static boolean isRefusal(Exception fault) {
        return fault instanceof ApiException
                && !(fault instanceof RetriableException)
                && !(fault instanceof OutOfOrderSequenceException)
                && !(fault instanceof AuthenticationException);
    }

    /// Whether a record that the producer did not take should be offered again: there is no room or
    /// no broker now, or its credentials don't hold now.
    static boolean mayPass(Exception fault) {
        return fault instanceof RetriableException || fault instanceof AuthenticationException;
    }

    /// The fault that futures wrap.
    static Throwable unwrap(Throwable fault) {
        Throwable inner = fault;
        while ((inner instanceof ExecutionException || inner instanceof CompletionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /// One line that says what is wrong, from the innermost cause.
    static String describe(Throwable fault) {
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

    /// The same, of an attempt to write to a topic.
    static String describeWrite(Throwable fault, String topic) {
        return describe(fault, "WRITE on topic " + topic);
    }

    private static Throwable innermost(Throwable fault) {
        Throwable inner = fault;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
