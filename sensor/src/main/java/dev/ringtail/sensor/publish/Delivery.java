package dev.ringtail.sensor.publish;

import dev.ringtail.sensor.ledger.BatchFacts;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;

/// One batch on its way: waits for the producer's answer and settles the account once.
///
/// [KafkaProducer#send][org.apache.kafka.clients.producer.KafkaProducer] reports a record that it
/// does not take through the same callback as the broker's answers, but on the sending thread,
/// before it returns. That is the one way to tell "not taken, offer it again" from "sent, outcome
/// unknown".
final class Delivery implements Callback {
    private final BatchFacts facts;
    private final Outcomes outcomes;
    private final long openedNs = System.nanoTime();
    private final AtomicBoolean settled = new AtomicBoolean();

    /// The thread that is inside `send` with this batch; null when none is.
    private volatile @Nullable Thread sender;

    private @Nullable Exception notTaken;

    Delivery(BatchFacts facts, Outcomes outcomes) {
        this.facts = facts;
        this.outcomes = outcomes;
    }

    BatchFacts facts() {
        return facts;
    }

    /// How long the batch has been on its way, in nanoseconds.
    long ageNs() {
        return System.nanoTime() - openedNs;
    }

    /// To be called by the sending thread right before `send`.
    void beginSend() {
        notTaken = null;
        sender = Thread.currentThread();
    }

    /// To be called by the sending thread right after `send`.
    ///
    /// @return why the producer did not take the record; null if it did
    @Nullable Exception endSend() {
        sender = null;
        return notTaken;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception fault) {
        if (fault != null && Thread.currentThread().equals(sender)) {
            notTaken = fault;
            return;
        }
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        if (fault == null && metadata != null) {
            outcomes.acknowledged(this, metadata);
        } else if (fault != null && Faults.isRefusal(fault)) {
            outcomes.rejected(this, fault);
        } else {
            outcomes.unknown(this, fault != null ? fault : new IllegalStateException("no answer"));
        }
    }

    /// Settles a batch that the producer refused to take for good.
    void reject(Exception fault) {
        if (settled.compareAndSet(false, true)) {
            outcomes.rejected(this, fault);
        }
    }

    /// Settles a batch whose answer nobody waits for any longer.
    void abandon() {
        if (settled.compareAndSet(false, true)) {
            outcomes.abandoned(this);
        }
    }
}
