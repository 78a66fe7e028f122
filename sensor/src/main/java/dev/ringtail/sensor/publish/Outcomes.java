package dev.ringtail.sensor.publish;

import dev.ringtail.sensor.ledger.BatchFacts;
import dev.ringtail.sensor.ledger.Ledger;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The batches whose outcome is open, and the entry of each outcome into the ledger, once.
///
/// Callable from any thread.
final class Outcomes {
    private static final Logger LOGGER = LoggerFactory.getLogger(Outcomes.class);

    /// A record counts as late when its newest packet is older than this when Kafka acknowledges
    /// it: a record that waited for a broker has a place behind younger ones of other sensors,
    /// however young it was when it was taken from its lane. Batches are closed after 200 ms, so a
    /// sensor that keeps up is far from it.
    private static final long LATE_MS = 10_000;

    private final String topic;
    private final Ledger ledger;
    private final boolean alwaysLate;
    private final InstantSource clock;
    private final Set<Delivery> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String refused;
    private final RateLimitedLog rejected =
            new RateLimitedLog(LOGGER, "Kafka refuses packet batches; they are lost and counted");
    private final RateLimitedLog unknown =
            new RateLimitedLog(LOGGER, "the outcome of packet batches is unknown; counted so");

    /// @param topic the packets topic
    /// @param alwaysLate whether every record is to be listed as late, as those of an import are
    /// @param clock gives the time of an acknowledgement
    Outcomes(String topic, Ledger ledger, boolean alwaysLate, InstantSource clock) {
        this.topic = topic;
        this.ledger = ledger;
        this.alwaysLate = alwaysLate;
        this.clock = clock;
    }

    /// Begins the account of a batch that was taken from a lane.
    Delivery open(BatchFacts facts) {
        ledger.delivery().taken(facts);
        Delivery delivery = new Delivery(facts, this);
        open.add(delivery);
        return delivery;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /// Age of the oldest batch whose outcome is open; zero for none.
    Duration lag() {
        return Duration.ofNanos(open.stream().mapToLong(Delivery::ageNs).max().orElse(0));
    }

    /// Why Kafka refused a batch for good; null where it has acknowledged one since, or never did.
    @Nullable String refused() {
        return refused;
    }

    /// Gives up on all that is still open.
    void abandonAll() {
        for (Delivery delivery : open) {
            delivery.abandon();
        }
    }

    void acknowledged(Delivery delivery, RecordMetadata metadata) {
        BatchFacts facts = delivery.facts();
        // With acks=0 there is no offset to remember.
        if (metadata.hasOffset() && isLate(facts)) {
            ledger.lateRuns()
                    .add(
                            metadata.partition(),
                            metadata.offset(),
                            facts.minTimestampNs(),
                            facts.maxTimestampNs());
        }
        refused = null;
        ledger.delivery().acknowledged(facts);
        open.remove(delivery);
    }

    private boolean isLate(BatchFacts facts) {
        return alwaysLate || clock.millis() - BatchRecord.timestampMs(facts) > LATE_MS;
    }

    void rejected(Delivery delivery, Exception fault) {
        String detail = Faults.describeWrite(fault, topic);
        rejected.warn(fault, detail);
        refused = detail;
        ledger.delivery().rejected(delivery.facts(), fault.getClass().getSimpleName());
        open.remove(delivery);
    }

    void unknown(Delivery delivery, Exception fault) {
        unknown.warn(fault);
        abandoned(delivery);
    }

    void abandoned(Delivery delivery) {
        ledger.delivery().unknown(delivery.facts());
        open.remove(delivery);
    }
}
