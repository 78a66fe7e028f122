package dev.ringtail.sensor.publish;

import dev.ringtail.sensor.delivery.DeliveryTrouble;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Since when a topic that is written all the time has taken nothing, and why. Callable from any
/// thread.
final class AnswerWatch {
    /// Longer than a leader's election takes that nobody has to know of.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String topic;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private Instant answered;
    private long answeredNs;
    private @Nullable String fault;

    /// @param clock gives the time of an answer, for the text alone, as somebody may set it
    /// @param nanoTime tells how long ago that was, as [System#nanoTime] does
    AnswerWatch(String topic, InstantSource clock, LongSupplier nanoTime) {
        this.topic = topic;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.answered = clock.instant();
        this.answeredNs = nanoTime.getAsLong();
    }

    /// Notes that a record is in the topic.
    synchronized void acknowledged() {
        answered = clock.instant();
        answeredNs = nanoTime.getAsLong();
        fault = null;
    }

    /// Notes that one could not be sent, or not yet.
    synchronized void failed(Throwable reason) {
        fault = Faults.describeWrite(reason, topic);
    }

    /// What to tell of it; nothing where the last acknowledgement is younger than [#PATIENCE].
    synchronized Optional<DeliveryTrouble> trouble() {
        Duration lasting = Duration.ofNanos(nanoTime.getAsLong() - answeredNs);
        if (lasting.compareTo(PATIENCE) < 0) {
            return Optional.empty();
        }
        String since = answered.truncatedTo(ChronoUnit.SECONDS).toString();
        return Optional.of(
                new DeliveryTrouble(
                        "topic " + topic,
                        DeliveryTrouble.Kind.WAITING,
                        "Kafka has acknowledged nothing since " + since,
                        fault,
                        lasting));
    }
}
