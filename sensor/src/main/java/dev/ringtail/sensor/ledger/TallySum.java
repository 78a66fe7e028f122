package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.Tally;

/// A running sum of packets and bytes; guarded by its owner.
final class TallySum {
    private long packets;
    private long bytes;

    void add(BatchFacts batch) {
        packets += batch.packetCount();
        bytes += batch.dataBytes();
    }

    void subtract(BatchFacts batch) {
        packets -= batch.packetCount();
        bytes -= batch.dataBytes();
    }

    Tally tally() {
        return new Tally(packets, bytes);
    }
}
