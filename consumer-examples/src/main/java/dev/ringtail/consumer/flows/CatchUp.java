package dev.ringtail.consumer.flows;

import dev.ringtail.consumer.CommandException;

import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Waits until the analysis has committed the packets topic up to given offsets, and gives up when
/// it comes no further.
final class CatchUp {
    /// Longer than the session and the transaction of a crashed predecessor take to expire.
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final FlowTopics topics;
    private final String groupId;
    private final Runnable checkRunning;

    /// @param checkRunning throws if there is nothing to wait for any more
    CatchUp(FlowTopics topics, String groupId, Runnable checkRunning) {
        this.topics = topics;
        this.groupId = groupId;
        this.checkRunning = checkRunning;
    }

    /// Waits until every partition is committed up to its end, and `ready` holds.
    ///
    /// @throws CommandException if nothing is committed for [#STALL_TIMEOUT]
    void await(Map<TopicPartition, Long> ends, BooleanSupplier ready, ProgressListener progress) {
        Map<TopicPartition, Long> begins = topics.committedOffsets(groupId);
        long all = remaining(ends, begins);
        long left = all;
        long deadlineNs = System.nanoTime() + STALL_TIMEOUT.toNanos();
        while (left > 0 || !ready.getAsBoolean()) {
            pause(deadlineNs, left + " batches are read");
            checkRunning.run();
            long nowLeft = remaining(ends, topics.committedOffsets(groupId));
            if (nowLeft != left) {
                left = nowLeft;
                deadlineNs = System.nanoTime() + STALL_TIMEOUT.toNanos();
            }
            progress.read(all - left, all);
        }
    }

    private static long remaining(
            Map<TopicPartition, Long> ends, Map<TopicPartition, Long> committed) {
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            left += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L));
        }
        return left;
    }

    /// Waits for a condition.
    ///
    /// @param what completes "waited 60 s until …"
    /// @throws CommandException if it does not hold within [#STALL_TIMEOUT]
    static void await(String what, BooleanSupplier condition, Runnable checkRunning) {
        long deadlineNs = System.nanoTime() + STALL_TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            checkRunning.run();
            pause(deadlineNs, what);
        }
    }

    private static void pause(long deadlineNs, String what) {
        if (System.nanoTime() - deadlineNs > 0) {
            throw new CommandException(
                    ("flow analysis stands still: waited %d s until %s; is the broker well, and"
                                    + " does another process of this topic prefix hang?")
                            .formatted(STALL_TIMEOUT.toSeconds(), what));
        }
        try {
            Thread.sleep(POLL_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting until " + what, e);
        }
    }
}
