package dev.ringtail.sensor.ledger;

/// A term of the ledger that a lane counts, in packets and in captured bytes.
///
/// The words are those of the `LaneLedger` record in the schema, which says what each one holds.
public enum LaneTerm {
    /// Read from the ring.
    RECEIVED(0),
    /// Handed to the publisher in a batch; bytes as they are in the batch.
    PUBLISHED(1),
    /// Left out: the sensor's own connections to Kafka.
    EXCLUDED_OWN_TRAFFIC(2),
    /// Left out: outgoing copies of packets that are also seen coming in.
    EXCLUDED_OUTGOING(3),
    /// Entries whose lengths or offsets contradict each other.
    MALFORMED(4),
    /// In a batch that is still open: a level, not a sum.
    PENDING(5),
    /// Of the published, those cut to fit a record; bytes are the ones cut off.
    CUT(6),
    /// Left out: packets of flows that sampling does not keep.
    EXCLUDED_SAMPLED_OUT(7),
    /// Left out: let in by a filter that had been replaced.
    EXCLUDED_STALE_FILTER(8);

    /// Position among the terms, from 0.
    final int index;

    LaneTerm(int index) {
        this.index = index;
    }
}
