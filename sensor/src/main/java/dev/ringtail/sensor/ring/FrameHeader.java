package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.linux.Structs.SOCKADDR_LL;
import static dev.ringtail.sensor.linux.Structs.TPACKET3_HDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;
import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringtail.sensor.linux.PacketConstants;

/// Accessors of a packet's header in a TPACKET_V3 block, by the header's address:
///
/// ```text
/// struct tpacket3_hdr, 48 bytes, 8-byte aligned
///   0 tp_next_offset   4 tp_sec (u32)    8 tp_nsec        12 tp_snaplen
///  16 tp_len          20 tp_status      24 tp_mac (u16)   26 tp_net (u16)
///  28 tp_rxhash       32 tp_vlan_tci    36 tp_vlan_tpid   38 padding
/// struct sockaddr_ll, 20 bytes, right behind
///  48 sll_family  50 sll_protocol  52 sll_ifindex  56 sll_hatype  58 sll_pkttype  59 sll_halen  60 sll_addr
/// ```
///
/// Then padding, and the frame at `tp_mac`. Lengths are u32 in the kernel; they are returned as
/// int, so a broken one may be negative: a lane's inner loop reads them through a [FrameView],
/// which checks them, and goes ahead of it only within the block. Static functions: no object for a
/// packet.
public final class FrameHeader {
    static final long NEXT_OFFSET = offsetOf(TPACKET3_HDR, "tp_next_offset");
    static final long SECONDS = offsetOf(TPACKET3_HDR, "tp_sec");
    static final long NANOSECONDS = offsetOf(TPACKET3_HDR, "tp_nsec");
    static final long CAPTURED_LENGTH = offsetOf(TPACKET3_HDR, "tp_snaplen");
    static final long ORIGINAL_LENGTH = offsetOf(TPACKET3_HDR, "tp_len");
    static final long STATUS = offsetOf(TPACKET3_HDR, "tp_status");
    static final long DATA = offsetOf(TPACKET3_HDR, "tp_mac");
    static final long NETWORK = offsetOf(TPACKET3_HDR, "tp_net");
    static final long VLAN_TCI = offsetOf(TPACKET3_HDR, "tp_vlan_tci");
    static final long VLAN_TPID = offsetOf(TPACKET3_HDR, "tp_vlan_tpid");
    private static final long PROTOCOL =
            TPACKET3_HDR.byteSize() + offsetOf(SOCKADDR_LL, "sll_protocol");
    private static final long INTERFACE_INDEX =
            TPACKET3_HDR.byteSize() + offsetOf(SOCKADDR_LL, "sll_ifindex");
    private static final long HARDWARE_TYPE =
            TPACKET3_HDR.byteSize() + offsetOf(SOCKADDR_LL, "sll_hatype");
    static final long PACKET_TYPE = TPACKET3_HDR.byteSize() + offsetOf(SOCKADDR_LL, "sll_pkttype");

    /// Bytes of the two structs, which every packet in a block takes at least.
    static final int MIN_BYTES = (int) (TPACKET3_HDR.byteSize() + SOCKADDR_LL.byteSize());

    private static final int CACHE_LINE_BYTES = 64;

    /// Bytes from a header on that [#touch] reads of: header, and where nothing was reserved behind
    /// it, what a lane reads of the frame, up to the ports.
    public static final int TOUCHED_BYTES = 2 * CACHE_LINE_BYTES + Long.BYTES;

    private static final int TPID_8021Q = 0x8100;

    private FrameHeader() {}

    /// Bytes from a header to the next, as they stand there: not checked.
    public static long nextOffset(long header) {
        return MEMORY.get(JAVA_INT, header + NEXT_OFFSET) & 0xffffffffL;
    }

    /// Reads a word of each cache line of a header and the beginning of its frame, so that they are
    /// on their way to the processor before somebody waits for them.
    ///
    /// @param header aligned to 8 bytes, with [#TOUCHED_BYTES] of the block from it on: not checked
    /// @return anything, to be used, or the JIT leaves the reads out
    public static long touch(long header) {
        return MEMORY.get(JAVA_LONG, header)
                + MEMORY.get(JAVA_LONG, header + CACHE_LINE_BYTES)
                + MEMORY.get(JAVA_LONG, header + 2 * CACHE_LINE_BYTES);
    }

    /// Bytes of the frame in the ring.
    public static int capturedLength(long header) {
        return MEMORY.get(JAVA_INT, header + CAPTURED_LENGTH);
    }

    /// Bytes of the frame as it came, a VLAN tag that was taken out not counted.
    public static long originalLength(long header) {
        return MEMORY.get(JAVA_INT, header + ORIGINAL_LENGTH) & 0xffffffffL;
    }

    /// TP_STATUS_* bits.
    public static int status(long header) {
        return MEMORY.get(JAVA_INT, header + STATUS);
    }

    /// Address of the frame.
    public static long data(long header) {
        return header + (MEMORY.get(JAVA_SHORT, header + DATA) & 0xffff);
    }

    /// Address of the network header.
    static long network(long header) {
        return header + (MEMORY.get(JAVA_SHORT, header + NETWORK) & 0xffff);
    }

    /// `sll_protocol` of packet(7): the EtherType.
    static int protocol(long header) {
        return Short.toUnsignedInt(Short.reverseBytes(MEMORY.get(JAVA_SHORT, header + PROTOCOL)));
    }

    /// `sll_ifindex` of packet(7): the interface that the packet came in or went out on.
    static int interfaceIndex(long header) {
        return MEMORY.get(JAVA_INT, header + INTERFACE_INDEX);
    }

    /// `sll_hatype` of packet(7): ARPHRD_* of that interface.
    static int hardwareType(long header) {
        return MEMORY.get(JAVA_SHORT, header + HARDWARE_TYPE) & 0xffff;
    }

    /// VLAN tag control information: priority, drop eligible, VLAN id.
    public static int vlanTci(long header) {
        return MEMORY.get(JAVA_INT, header + VLAN_TCI) & 0xffff;
    }

    /// VLAN tag protocol identifier; that of IEEE 802.1Q where the kernel does not tell it.
    ///
    /// @param status of the packet
    public static int vlanTpid(long header, int status) {
        return (status & PacketConstants.TP_STATUS_VLAN_TPID_VALID) == 0
                ? TPID_8021Q
                : MEMORY.get(JAVA_SHORT, header + VLAN_TPID) & 0xffff;
    }

    /// `sll_pkttype` of packet(7): 0 host, 1 broadcast, 2 multicast, 3 other host, 4 outgoing.
    public static int packetType(long header) {
        return MEMORY.get(JAVA_BYTE, header + PACKET_TYPE) & 0xff;
    }
}
