package dev.ringtail.consumer.flows;

import org.apache.kafka.streams.processor.TaskId;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// How [FlowAnalysis#finish] asks the tasks of this process to write their open flows, and learns
/// that they have. Any thread.
final class EndOfInput {
    private final Set<TaskId> flushed = ConcurrentHashMap.newKeySet();
    private volatile boolean reached;

    /// A task begins, with whatever flows it has stored: one that Kafka Streams revives may not
    /// have committed what it wrote before.
    void started(TaskId task) {
        flushed.remove(task);
    }

    /// A task has written its open flows, and committed that.
    void flushed(TaskId task) {
        flushed.add(task);
    }

    /// Declares that there is no more input.
    void reach() {
        reached = true;
    }

    /// Whether tasks have to write their open flows.
    boolean isReached() {
        return reached;
    }

    /// Whether all of some tasks have.
    boolean isFlushed(Collection<TaskId> tasks) {
        return reached && flushed.containsAll(tasks);
    }
}
