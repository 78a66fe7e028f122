package dev.ringtail.demo;

import dev.ringtail.schema.PacketFlags;

/// What to know of packets of LINKTYPE_LINUX_SLL2 to compare ours with libpcap's:
///
/// ```text
/// 0 protocol   2 reserved   4 interface index   8 ARPHRD_*   10 packet type
/// 11 address length   12 address (8)   20 packet
/// ```
final class Cooked {
    private Cooked() {}

    /// Index of the packet's interface.
    static int interfaceIndex(FilePacket packet) {
        return Integer.parseInt(digits(packet, 4, 8), 16);
    }

    /// Whether we put back a VLAN tag that the kernel had taken out, where libpcap leaves it out.
    static boolean hasRestoredTag(TopicPacket packet) {
        return (packet.flags() & PacketFlags.VLAN_RESTORED) != 0;
    }

    /// The packet as libpcap has it, without such a tag.
    static FilePacket withoutRestoredTag(TopicPacket restored) {
        FilePacket packet = restored.captured();
        return hasRestoredTag(restored)
                ? new FilePacket(
                        packet.linkType(),
                        packet.timestampNs(),
                        packet.originalLength() - 4,
                        digits(packet, 22, 24) + digits(packet, 2, 20) + digits(packet, 24))
                : packet;
    }

    /// The packet with zeros behind its address, where libpcap leaves what another had there.
    static FilePacket withoutLeftovers(FilePacket packet) {
        int addressEnd = 12 + Integer.parseInt(digits(packet, 11, 12), 16);
        return new FilePacket(
                packet.linkType(),
                packet.timestampNs(),
                packet.originalLength(),
                digits(packet, 0, addressEnd) + "00".repeat(20 - addressEnd) + digits(packet, 20));
    }

    private static String digits(FilePacket packet, int from, int to) {
        return packet.data().substring(2 * from, 2 * to);
    }

    private static String digits(FilePacket packet, int from) {
        return packet.data().substring(2 * from);
    }
}
