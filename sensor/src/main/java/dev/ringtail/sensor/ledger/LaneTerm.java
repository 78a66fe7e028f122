package dev.ringtail.sensor.ledger;

/// A term of the ledger that a lane counts, in packets and in captured bytes.
///
/// The words are those of the `LaneLedger` record in the schema, which says what each one holds.
public enum LaneTerm {
    /// Read from the ring.
    RECEIVED,
    /// Handed to the publisher in a batch; bytes as they are in the batch.
    PUBLISHED,
    /// Left out: the sensor's own connections to Kafka.
    EXCLUDED_OWN_TRAFFIC,
    /// Left out: outgoing copies of packets that are also seen coming in.
    EXCLUDED_OUTGOING,
    /// Entries whose lengths or offsets contradict each other.
    MALFORMED,
    /// In a batch that is still open: a level, not a sum.
    PENDING,
    /// Of the published, those cut to fit a record; bytes are the ones cut off.
    CUT
}
