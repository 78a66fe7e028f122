package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.linux.Structs.SOCKADDR_LL;
import static dev.ringtail.sensor.linux.Structs.TPACKET3_HDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;
import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Writes a LINKTYPE_LINUX_SLL2 header before a packet that came without its link header
/// (SOCK_DGRAM), into the room that the kernel leaves between its own header and the packet: at
/// least 28 bytes, as it aligns the network header to 16 bytes and keeps 16 for a link header
/// (`tpacket_rcv`).
///
/// ```text
/// struct sll2_header, 20 bytes, network byte order, of what sockaddr_ll tells
///   0 protocol   2 reserved 0   4 interface index   8 ARPHRD_*  10 packet type
///  11 address length  12 address (8)
/// ```
///
/// A VLAN tag that the kernel took out stands where it would in a frame: its TPID is the protocol,
/// and TCI and inner protocol come before the packet, 4 bytes more. libpcap loses the tag there.
///
/// The kernel's own rules for a packet with two tags are kept: the outer is in the header, and the
/// inner one at the start of the packet.
public final class CookedHeader {
    private static final int BYTES = 20;
    private static final int VLAN_BYTES = 4;

    private static final long ADDRESS = TPACKET3_HDR.byteSize();
    private static final long PROTOCOL = ADDRESS + offsetOf(SOCKADDR_LL, "sll_protocol");
    private static final long INTERFACE_INDEX = ADDRESS + offsetOf(SOCKADDR_LL, "sll_ifindex");
    private static final long HARDWARE_TYPE = ADDRESS + offsetOf(SOCKADDR_LL, "sll_hatype");
    private static final long PACKET_TYPE = ADDRESS + offsetOf(SOCKADDR_LL, "sll_pkttype");
    private static final long ADDRESS_LENGTH = ADDRESS + offsetOf(SOCKADDR_LL, "sll_halen");
    private static final long LINK_ADDRESS = ADDRESS + offsetOf(SOCKADDR_LL, "sll_addr");

    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT =
            JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private CookedHeader() {}

    /// Whether there is room before the packet; always so in what the kernel wrote.
    public static boolean fits(long header) {
        return FrameHeader.data(header) - header >= FrameHeader.MIN_BYTES + BYTES + VLAN_BYTES;
    }

    /// Writes the header, right before the packet's data. Ask [#fits] first.
    ///
    /// @param status of the packet
    /// @return bytes that now stand before the data, a VLAN tag counted
    public static int prepend(long header, int status) {
        long data = FrameHeader.data(header);
        // Copied as it is: it is in network byte order in both.
        short protocol = MEMORY.get(JAVA_SHORT, header + PROTOCOL);
        if ((status & PacketConstants.TP_STATUS_VLAN_VALID) == 0) {
            long at = data - BYTES;
            MEMORY.set(JAVA_SHORT_UNALIGNED, at, protocol);
            writeRest(header, at);
            return BYTES;
        }
        long at = data - BYTES - VLAN_BYTES;
        MEMORY.set(NETWORK_SHORT, at, (short) FrameHeader.vlanTpid(header, status));
        writeRest(header, at);
        MEMORY.set(NETWORK_SHORT, data - VLAN_BYTES, (short) FrameHeader.vlanTci(header));
        MEMORY.set(JAVA_SHORT_UNALIGNED, data - 2, protocol);
        return BYTES + VLAN_BYTES;
    }

    private static void writeRest(long header, long at) {
        MEMORY.set(JAVA_SHORT_UNALIGNED, at + 2, (short) 0);
        MEMORY.set(NETWORK_INT, at + 4, MEMORY.get(JAVA_INT, header + INTERFACE_INDEX));
        MEMORY.set(NETWORK_SHORT, at + 8, MEMORY.get(JAVA_SHORT, header + HARDWARE_TYPE));
        MEMORY.set(JAVA_BYTE, at + 10, MEMORY.get(JAVA_BYTE, header + PACKET_TYPE));
        int addressBytes = MEMORY.get(JAVA_BYTE, header + ADDRESS_LENGTH) & 0xff;
        MEMORY.set(JAVA_BYTE, at + 11, (byte) addressBytes);
        long address = MEMORY.get(NETWORK_LONG, header + LINK_ADDRESS);
        MEMORY.set(NETWORK_LONG, at + 12, address & addressMask(addressBytes));
    }

    /// Bits of the address that the kernel has written; what is behind is left from another packet.
    private static long addressMask(int addressBytes) {
        return addressBytes == 0 ? 0 : -1L << Byte.SIZE * (Long.BYTES - Math.min(addressBytes, 8));
    }
}
