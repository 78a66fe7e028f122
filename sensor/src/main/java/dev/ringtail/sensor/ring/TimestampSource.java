package dev.ringtail.sensor.ring;

/// Who stamps packets. What a packet really has is told for each, since a source may be missing
/// (TP_STATUS_TS_*).
public enum TimestampSource {
    /// The kernel, when it copies the packet into the ring; unless someone else on this machine has
    /// it stamp all packets when it receives them, which is told for each packet.
    RING,
    /// The kernel, when it receives the packet: every tap sees the same time (SO_TIMESTAMPNS).
    RECEIVE,
    /// The device's clock, and where it made no stamp the kernel at receive (PACKET_TIMESTAMP). The
    /// device must have been told to make stamps (SIOCSHWTSTAMP).
    HARDWARE
}
