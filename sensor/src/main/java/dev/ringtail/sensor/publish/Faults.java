package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// What Kafka's exceptions mean for packets.
final class Faults {
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

    /// What is wrong with an attempt to write to a topic, see [KafkaFaults#describe].
    static String describeWrite(Throwable fault, String topic) {
        return KafkaFaults.describe(fault, "WRITE on topic " + topic);
    }
}
