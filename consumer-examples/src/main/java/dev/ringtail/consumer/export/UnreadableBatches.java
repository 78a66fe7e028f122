package dev.ringtail.consumer.export;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;

/// Names each batch that cannot be read, once, and counts them.
final class UnreadableBatches {
    private final String topic;
    private final PrintWriter err;
    private final Set<String> told = new HashSet<>();

    UnreadableBatches(String topic, PrintWriter err) {
        this.topic = topic;
        this.err = err;
    }

    /// Tells of one batch.
    void report(int partition, long offset, String problem) {
        // A range that is read a second time has the same bad batches.
        if (told.add(partition + "/" + offset)) {
            err.printf(
                    "unreadable batch in %s, partition %d, offset %d: %s%n",
                    topic, partition, offset, problem);
        }
    }

    /// Count of batches reported.
    long count() {
        return told.size();
    }
}
