package dev.ringtail.sensor.linux;

/// One reading of PACKET_ROLLOVER_STATS (`struct tpacket_rollover_stats`), counted since the socket
/// joined its fanout group; reading resets nothing.
///
/// @param all packets that were due to this socket and went to another, for want of room (`tp_all`)
/// @param huge of those, packets of a flow that had most of this socket's traffic (`tp_huge`)
/// @param failed packets due to this socket for which no other member had ample room (`tp_failed`);
///   where this socket was not full yet they found a place here
public record RolloverStatistics(long all, long huge, long failed) {
    /// Of a socket whose group does not roll over.
    public static final RolloverStatistics NONE = new RolloverStatistics(0, 0, 0);
}
