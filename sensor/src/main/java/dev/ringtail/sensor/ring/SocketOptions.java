package dev.ringtail.sensor.ring;

/// What the rings of an interface ask of their packet sockets.
///
/// @param cooked whether packets come without link header (SOCK_DGRAM); always so on
///   [dev.ringtail.sensor.linux.NetworkInterface#any]
/// @param immediate whether each packet is handed over at once (TPACKET_V2), and not by the block
/// @param fanout how packets are spread where there are several rings
/// @param memberships what the device is asked to receive; without effect on `any`
/// @param timestamps who stamps packets
/// @param ignoreOutgoing whether the kernel is to leave out what this host sends
/// @param lockFilter whether the filter is locked once packets are let in (SO_LOCK_FILTER)
public record SocketOptions(
        boolean cooked,
        boolean immediate,
        Fanout fanout,
        Memberships memberships,
        TimestampSource timestamps,
        boolean ignoreOutgoing,
        boolean lockFilter) {
    /// Blocks of whole frames, spread by flow and stamped at receive; everything else off.
    public static final SocketOptions DEFAULTS =
            new SocketOptions(
                    false,
                    false,
                    Fanout.BY_FLOW,
                    Memberships.NONE,
                    TimestampSource.RECEIVE,
                    false,
                    false);

    /// As [#DEFAULTS], and every frame that passes the device.
    public static final SocketOptions PROMISCUOUS =
            new SocketOptions(
                    false,
                    false,
                    Fanout.BY_FLOW,
                    Memberships.PROMISCUOUS,
                    TimestampSource.RECEIVE,
                    false,
                    false);
}
