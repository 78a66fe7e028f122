package dev.ringtail.pcap.file;

/// The flags word of an enhanced packet block (`epb_flags`), and how the kernel's packet type goes
/// into it and comes out again.
///
/// | bits | meaning |
/// | --- | --- |
/// | 0-1 | direction: 0 unknown, 1 inbound, 2 outbound |
/// | 2-4 | reception: 0 not given, 1 unicast, 2 multicast, 3 broadcast, 4 promiscuous |
///
/// Packet types are those of packet(7): 0 host, 1 broadcast, 2 multicast, 3 other host, 4 outgoing;
/// and [#UNKNOWN_PACKET_TYPE] where nothing is known.
///
/// @see <a
///   href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html#section-4.3">pcapng</a>
public final class EpbFlags {
    /// What a file that doesn't say it has; not one of the kernel's that reach user space.
    public static final int UNKNOWN_PACKET_TYPE = 5;

    private static final int HOST = 0;
    private static final int BROADCAST = 1;
    private static final int MULTICAST = 2;
    private static final int OTHERHOST = 3;
    private static final int OUTGOING = 4;

    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;

    private EpbFlags() {}

    /// Returns the flags word of a packet type, 0 for an unknown one.
    public static int ofPacketType(int packetType) {
        return switch (packetType) {
            case HOST -> INBOUND | 1 << 2;
            case BROADCAST -> INBOUND | 3 << 2;
            case MULTICAST -> INBOUND | 2 << 2;
            case OTHERHOST -> INBOUND | 4 << 2;
            case OUTGOING -> OUTBOUND;
            default -> 0;
        };
    }

    /// Returns the packet type that a flags word tells.
    public static int packetType(int flags) {
        if (direction(flags) == OUTBOUND) {
            return OUTGOING;
        }
        return switch (flags >>> 2 & 7) {
            case 1 -> HOST;
            case 2 -> MULTICAST;
            case 3 -> BROADCAST;
            case 4 -> OTHERHOST;
            default -> UNKNOWN_PACKET_TYPE;
        };
    }

    /// Returns the direction bits: 0 unknown, 1 inbound, 2 outbound.
    public static int direction(int flags) {
        return flags & 3;
    }
}
