package dev.ringtail.sensor.delivery;

import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.Ledger;

import java.util.List;

/// A place for packet batches that has been looked at: it can be written to, and this is what a
/// session has to know of it before it makes its first lane.
public interface BatchDestination {
    /// Partitions that the session spreads its packets over, at least 1.
    int partitionCount();

    /// Most bytes of a batch's value that it takes.
    int maxBatchBytes();

    /// How its batches name their schema.
    WireFormat wireFormat();

    /// What is weaker than idempotent with `acks=all` about the delivery; empty for nothing.
    String weakened();

    /// What the user should know before the capture, a line each.
    List<String> warnings();

    /// Where it is, in words, as in "capture.packets at localhost:9092, 16 partitions".
    String description();

    /// Opens it for a session's batches.
    ///
    /// @param ledger the session's, which is told what becomes of each batch
    /// @param batchBytes largest regular batch in bytes
    /// @return closed by the caller
    /// @throws RuntimeException the implementation's own, with a message for the user
    BatchSink open(Ledger ledger, int batchBytes);
}
