package dev.ringtail.sensor.ledger;

/// What the ledger has to know of a packet batch after its bytes are gone.
///
/// @param lane lane that made it
/// @param partition partition that it is for
/// @param firstPacketNumber number of its first packet in the stream (lane, partition)
/// @param packetCount packets in it
/// @param dataBytes bytes of those packets as they are in the batch
/// @param minTimestampNs earliest capture time, nanoseconds since 1970
/// @param maxTimestampNs latest capture time, nanoseconds since 1970
public record BatchFacts(
        int lane,
        int partition,
        long firstPacketNumber,
        int packetCount,
        long dataBytes,
        long minTimestampNs,
        long maxTimestampNs) {

    /// Number of the batch's last packet.
    public long lastPacketNumber() {
        return firstPacketNumber + packetCount - 1;
    }
}
