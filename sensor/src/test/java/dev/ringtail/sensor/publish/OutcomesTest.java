package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.LateRun;
import dev.ringtail.sensor.ledger.BatchFacts;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class OutcomesTest {
    private static final Instant CAPTURED = Instant.parse("2026-11-20T10:00:00Z");

    private final Ledger ledger =
            new Ledger(new SessionFacts("a", "s1", "host", "ringtail", 0, 4, ""), () -> CAPTURED);
    private Instant now = CAPTURED;
    private final Outcomes outcomes = new Outcomes("capture.packets", ledger, false, () -> now);

    @Test
    void listsABatchAsLateThatWasYoungWhenTakenAndOldWhenItLanded() {
        Delivery waited = outcomes.open(batch());
        now = CAPTURED.plus(Duration.ofSeconds(11));

        waited.onCompletion(metadata(7), null);

        long capturedNs = Ledger.nanosecondsOf(CAPTURED);
        assertThat(ledger.lateRuns().snapshot())
                .containsExactly(new LateRun(2, 7L, 7L, capturedNs, capturedNs));
    }

    @Test
    void listsNoBatchThatLandedInTime() {
        Delivery quick = outcomes.open(batch());
        now = CAPTURED.plus(Duration.ofSeconds(9));

        quick.onCompletion(metadata(7), null);

        assertThat(ledger.lateRuns().snapshot()).isEmpty();
    }

    @Test
    void lagsByTheBatchThatWaits() {
        assertThat(outcomes.lag()).isZero();
        Delivery waiting = outcomes.open(batch());
        assertThat(outcomes.lag()).isPositive();

        waiting.onCompletion(metadata(7), null);
        assertThat(outcomes.lag()).isZero();
    }

    private static BatchFacts batch() {
        long capturedNs = Ledger.nanosecondsOf(CAPTURED);
        return new BatchFacts(0, 2, 1, 5, 500, capturedNs, capturedNs);
    }

    private static RecordMetadata metadata(long offset) {
        return new RecordMetadata(new TopicPartition("t", 2), offset, 0, 0, 0, 0);
    }
}
