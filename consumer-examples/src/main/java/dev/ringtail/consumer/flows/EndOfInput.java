package dev.ringtail.consumer.flows;

import org.apache.kafka.streams.processor.TaskId;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// How [FlowAnalysis#finish] asks the tasks of this process to write their open flows, and learns
/// that they have. Any thread.
final class EndOfInput {
    private final Set<TaskId> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean reached;

    /// A task begins, with whatever flows it has stored.
    void started(TaskId task) {
        pending.add(task);
    }

    /// A task ends here, and with it what it could be asked.
    void stopped(TaskId task) {
        pending.remove(task);
    }

    /// A task has written its open flows.
    void flushed(TaskId task) {
        pending.remove(task);
    }

    /// Declares that there is no more input.
    void reach() {
        reached = true;
    }

    /// Whether tasks have to write their open flows.
    boolean isReached() {
        return reached;
    }

    /// Whether all tasks have.
    boolean isFlushed() {
        return reached && pending.isEmpty();
    }
}
