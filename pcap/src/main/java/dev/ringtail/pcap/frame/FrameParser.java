package dev.ringtail.pcap.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.ringtail.pcap.LinkType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds addresses, protocol and ports in a captured frame.
///
/// A mutable flyweight: [#parse] reads what the accessors return, so that they stay valid when the
/// memory of the frame is reused. One parser belongs to one thread. It allocates nothing, never
/// reads outside the captured bytes and takes any bytes without an exception; what can't be told
/// from them is absent, as each accessor says.
///
/// The outermost IP header after any VLAN tags counts; tunnels are not looked into. Lengths are
/// those of the capture: an IP total length that contradicts them (0 in a segmentation super-frame)
/// is ignored.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc791">RFC 791, IPv4</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8200">RFC 8200, IPv6</a>
/// @see <a href="https://www.tcpdump.org/linktypes.html">Link-layer header types</a>
public final class FrameParser {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

    private static final int ETHER_TYPE_IPV4 = 0x0800;
    private static final int ETHER_TYPE_ARP = 0x0806;
    private static final int ETHER_TYPE_IPV6 = 0x86dd;

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int DCCP = 33;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    /// Bounds on crafted frames; real ones have at most two tags and RFC 8200 allows six headers.
    private static final int MAX_VLAN_TAGS = 8;

    private static final int MAX_EXTENSION_HEADERS = 8;

    private int ipVersion;
    private int protocol;
    private boolean fragment;
    private boolean firstFragment;
    private boolean hasPorts;
    private int sourcePort;
    private int destinationPort;
    private int sourceAddress4;
    private int destinationAddress4;
    private long sourceAddressHigh;
    private long sourceAddressLow;
    private long destinationAddressHigh;
    private long destinationAddressLow;
    private boolean hasMac;
    private long sourceMac;
    private long destinationMac;
    private int etherType;
    private int networkOffset;
    private int transportOffset;
    private int tcpFlags;
    private int icmpType;
    private int icmpCode;
    private int headersLength;
    private boolean sourceRouted;

    /// Reads the headers of one frame; whatever an earlier call found is forgotten.
    ///
    /// @param frame memory that holds at least `offset + capturedLength` bytes
    /// @param offset where in it the frame begins
    /// @param capturedLength bytes of the frame that are there
    /// @param linkType `LINKTYPE_*`; of one not known here nothing is told
    public void parse(MemorySegment frame, long offset, int capturedLength, int linkType) {
        reset();
        switch (linkType) {
            case LinkType.ETHERNET -> parseEthernet(frame, offset, capturedLength);
            case LinkType.LINUX_SLL -> parseCooked(frame, offset, capturedLength, 14, 16);
            case LinkType.LINUX_SLL2 -> parseCooked(frame, offset, capturedLength, 0, 20);
            case LinkType.RAW -> parseRaw(frame, offset, capturedLength, 0);
            case LinkType.IPV4 -> parseIpv4(frame, offset, capturedLength, 0);
            case LinkType.IPV6 -> parseIpv6(frame, offset, capturedLength, 0);
            case LinkType.NULL, LinkType.LOOP -> parseLoopback(frame, offset, capturedLength);
            case LinkType.PPP -> parsePpp(frame, offset, capturedLength);
            default -> {}
        }
        headersLength = Math.min(headersLength, capturedLength);
    }

    private void reset() {
        ipVersion = 0;
        protocol = -1;
        fragment = false;
        firstFragment = false;
        hasPorts = false;
        sourcePort = -1;
        destinationPort = -1;
        hasMac = false;
        etherType = -1;
        networkOffset = -1;
        transportOffset = -1;
        tcpFlags = 0;
        icmpType = -1;
        icmpCode = -1;
        headersLength = 0;
        sourceRouted = false;
    }

    private void parseEthernet(MemorySegment frame, long offset, int length) {
        headersLength = 14;
        if (length < 14) {
            return;
        }
        long sourceAndType = frame.get(LONG, offset + 6);
        hasMac = true;
        destinationMac = frame.get(LONG, offset) >>> 16;
        sourceMac = sourceAndType >>> 16;
        parseEtherType(frame, offset, length, 14, (int) sourceAndType & 0xffff);
    }

    private void parseCooked(
            MemorySegment frame, long offset, int length, int typeOffset, int headerLength) {
        headersLength = headerLength;
        if (length >= headerLength) {
            parseEtherType(frame, offset, length, headerLength, u16(frame, offset + typeOffset));
        }
    }

    private void parseEtherType(MemorySegment frame, long offset, int length, int at, int type) {
        int next = at;
        int nextType = type;
        for (int tag = 0; tag < MAX_VLAN_TAGS && isVlan(nextType) && next + 4 <= length; tag++) {
            nextType = u16(frame, offset + next + 2);
            next += 4;
        }
        etherType = nextType;
        headersLength = next;
        switch (nextType) {
            case ETHER_TYPE_IPV4 -> parseIpv4(frame, offset, length, next);
            case ETHER_TYPE_IPV6 -> parseIpv6(frame, offset, length, next);
            case ETHER_TYPE_ARP -> parseArp(frame, offset, length, next);
            default -> {}
        }
    }

    /// RFC 826: eight bytes, then each side's hardware and protocol address.
    private void parseArp(MemorySegment frame, long offset, int length, int at) {
        headersLength = at + 8;
        if (length >= headersLength) {
            headersLength += 2 * (u8(frame, offset + at + 4) + u8(frame, offset + at + 5));
        }
    }

    private static boolean isVlan(int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200;
    }

    private void parseLoopback(MemorySegment frame, long offset, int length) {
        headersLength = 4;
        if (length < 4) {
            return;
        }
        int family = frame.get(INT, offset);
        // NULL is in the byte order of whoever captured; every family fits the low 16 bits.
        if ((family & 0xffff0000) != 0) {
            family = Integer.reverseBytes(family);
        }
        switch (family) {
            case 2 -> parseIpv4(frame, offset, length, 4);
            // AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, Darwin.
            case 10, 24, 28, 30 -> parseIpv6(frame, offset, length, 4);
            default -> {}
        }
    }

    /// RFC 1661 and 1662: address and control may be absent, and the protocol's first byte too when
    /// it is zero.
    private void parsePpp(MemorySegment frame, long offset, int length) {
        int at = length >= 2 && u16(frame, offset) == 0xff03 ? 2 : 0;
        headersLength = at + 2;
        if (length < headersLength) {
            return;
        }
        int pppProtocol = u8(frame, offset + at);
        if ((pppProtocol & 1) == 1) {
            at += 1;
        } else {
            pppProtocol = u16(frame, offset + at);
            at += 2;
        }
        headersLength = at;
        if (pppProtocol == 0x21) {
            parseIpv4(frame, offset, length, at);
        } else if (pppProtocol == 0x57) {
            parseIpv6(frame, offset, length, at);
        }
    }

    private void parseRaw(MemorySegment frame, long offset, int length, int at) {
        if (length > at && u8(frame, offset + at) >>> 4 == 6) {
            parseIpv6(frame, offset, length, at);
        } else {
            parseIpv4(frame, offset, length, at);
        }
    }

    private void parseIpv4(MemorySegment frame, long offset, int length, int at) {
        if (length - at < 20) {
            headersLength = length;
            return;
        }
        long header = offset + at;
        // In words, as each access to a segment is checked for itself: version to fragment offset,
        // then time to live to source address.
        long firstWord = frame.get(LONG, header);
        int versionAndLength = (int) (firstWord >>> 56);
        if (versionAndLength >>> 4 != 4) {
            return;
        }
        long secondWord = frame.get(LONG, header + 8);
        ipVersion = 4;
        networkOffset = at;
        protocol = (int) (secondWord >>> 48) & 0xff;
        sourceAddress4 = (int) secondWord;
        destinationAddress4 = frame.get(INT, header + 16);
        int flagsAndOffset = (int) firstWord & 0xffff;
        int fragmentOffset = flagsAndOffset & 0x1fff;
        boolean moreFragments = (flagsAndOffset & 0x2000) != 0;
        fragment = moreFragments || fragmentOffset != 0;
        firstFragment = fragment && fragmentOffset == 0;
        int headerLength = (versionAndLength & 0xf) * 4;
        headersLength = at + Math.max(headerLength, 20);
        if (headerLength >= 20 && fragmentOffset == 0) {
            parseTransport(frame, offset, length, at + headerLength);
        }
    }

    private void parseIpv6(MemorySegment frame, long offset, int length, int at) {
        if (length - at < 40) {
            headersLength = length;
            return;
        }
        long header = offset + at;
        if (u8(frame, header) >>> 4 != 6) {
            return;
        }
        ipVersion = 6;
        networkOffset = at;
        sourceAddressHigh = frame.get(LONG, header + 8);
        sourceAddressLow = frame.get(LONG, header + 16);
        destinationAddressHigh = frame.get(LONG, header + 24);
        destinationAddressLow = frame.get(LONG, header + 32);
        parseExtensionHeaders(frame, offset, length, at + 40, u8(frame, header + 6));
    }

    /// Walks the headers that Linux walks too (`ipv6_skip_exthdr`). A fragment ends the walk, so
    /// that the first and the later fragments of a packet show the same protocol.
    private void parseExtensionHeaders(
            MemorySegment frame, long offset, int length, int at, int firstHeader) {
        int next = at;
        protocol = firstHeader;
        for (int i = 0; i < MAX_EXTENSION_HEADERS && isExtension(protocol); i++) {
            if (length - next < 8) {
                headersLength = length;
                return;
            }
            int following = u8(frame, offset + next);
            int headerLength = 8;
            if (protocol == FRAGMENT) {
                int offsetAndMore = u16(frame, offset + next + 2) & 0xfff9;
                fragment = offsetAndMore != 0;
                firstFragment = offsetAndMore == 1;
            } else {
                sourceRouted |= protocol == ROUTING && u8(frame, offset + next + 3) != 0;
                int lengthField = u8(frame, offset + next + 1);
                headerLength =
                        protocol == AUTHENTICATION ? (lengthField + 2) * 4 : (lengthField + 1) * 8;
            }
            protocol = following;
            next += headerLength;
            if (fragment) {
                break;
            }
        }
        headersLength = next;
        if (fragment ? firstFragment : !isExtension(protocol)) {
            parseTransport(frame, offset, length, next);
        }
    }

    private static boolean isExtension(int header) {
        return header == HOP_BY_HOP
                || header == ROUTING
                || header == FRAGMENT
                || header == AUTHENTICATION
                || header == DESTINATION_OPTIONS;
    }

    private void parseTransport(MemorySegment frame, long offset, int length, int at) {
        if (at >= length) {
            return;
        }
        transportOffset = at;
        int available = length - at;
        switch (protocol) {
            case TCP -> {
                parsePorts(frame, offset + at, available);
                headersLength = at + 20;
                if (available >= 14) {
                    int offsetAndFlags = u16(frame, offset + at + 12);
                    tcpFlags = offsetAndFlags & 0xff;
                    headersLength = at + Math.max((offsetAndFlags >>> 12) * 4, 20);
                }
            }
            case UDP, UDP_LITE -> {
                parsePorts(frame, offset + at, available);
                headersLength = at + 8;
            }
            case DCCP, SCTP -> {
                parsePorts(frame, offset + at, available);
                headersLength = at + 12;
            }
            case ICMP, ICMPV6 -> {
                parseIcmp(frame, offset + at, available);
                headersLength = at + 8;
            }
            default -> {}
        }
    }

    private void parsePorts(MemorySegment frame, long at, int available) {
        if (available >= 4 && !fragment) {
            int ports = frame.get(INT, at);
            hasPorts = true;
            sourcePort = ports >>> 16;
            destinationPort = ports & 0xffff;
        }
    }

    private void parseIcmp(MemorySegment frame, long at, int available) {
        boolean ofThisVersion = (protocol == ICMP) == (ipVersion == 4);
        if (available >= 2 && ofThisVersion) {
            icmpType = u8(frame, at);
            icmpCode = u8(frame, at + 1);
        }
    }

    private static int u8(MemorySegment frame, long at) {
        return frame.get(BYTE, at) & 0xff;
    }

    private static int u16(MemorySegment frame, long at) {
        return frame.get(SHORT, at) & 0xffff;
    }

    /// 4 or 6, or 0 where no IP header with both addresses was captured.
    public int ipVersion() {
        return ipVersion;
    }

    /// IP protocol; for IPv6 the first header that is not an extension header, or the extension
    /// header that was not captured to its end. For a fragment it is what its Fragment header
    /// names, the same in all fragments of a packet. -1 without IP.
    public int protocol() {
        return protocol;
    }

    /// Whether the packet is a part of a fragmented one. An IPv6 packet with a Fragment header of
    /// offset 0 and no more fragments (RFC 6946) is whole.
    public boolean fragment() {
        return fragment;
    }

    /// Whether the packet is a fragment with offset 0, the one that has the transport header.
    public boolean firstFragment() {
        return firstFragment;
    }

    /// Whether an IPv6 Routing header has segments left: the destination address is then that of a
    /// stop on the way, and transport checksums are over another one.
    public boolean sourceRouted() {
        return sourceRouted;
    }

    /// Whether this is an unfragmented TCP, UDP, DCCP, SCTP or UDP-Lite packet whose ports were
    /// captured.
    public boolean hasPorts() {
        return hasPorts;
    }

    /// Source port, -1 without ports.
    public int sourcePort() {
        return sourcePort;
    }

    /// Destination port, -1 without ports.
    public int destinationPort() {
        return destinationPort;
    }

    /// IPv4 source address as a big-endian number; 10.0.0.1 is 0x0a000001. Undefined but for IPv4.
    public int sourceAddress4() {
        return sourceAddress4;
    }

    /// IPv4 destination address as a big-endian number. Undefined but for IPv4.
    public int destinationAddress4() {
        return destinationAddress4;
    }

    /// First eight bytes of the IPv6 source address as a big-endian number. Undefined but for IPv6.
    public long sourceAddressHigh() {
        return sourceAddressHigh;
    }

    /// Last eight bytes of the IPv6 source address as a big-endian number. Undefined but for IPv6.
    public long sourceAddressLow() {
        return sourceAddressLow;
    }

    /// First eight bytes of the IPv6 destination address as a big-endian number. Undefined but for
    /// IPv6.
    public long destinationAddressHigh() {
        return destinationAddressHigh;
    }

    /// Last eight bytes of the IPv6 destination address as a big-endian number. Undefined but for
    /// IPv6.
    public long destinationAddressLow() {
        return destinationAddressLow;
    }

    /// Whether the link header has both MAC addresses and they were captured.
    public boolean hasMac() {
        return hasMac;
    }

    /// Source MAC address in the low 48 bits. Undefined without [#hasMac].
    public long sourceMac() {
        return sourceMac;
    }

    /// Destination MAC address in the low 48 bits. Undefined without [#hasMac].
    public long destinationMac() {
        return destinationMac;
    }

    /// Type field after any VLAN tags (0x8100, 0x88a8, 0x9100, 0x9200) as it is in the frame: below
    /// 0x0600 it is an IEEE 802.3 length. A tag that was not captured to its end counts as the
    /// type. -1 where the link header has none.
    public int etherType() {
        return etherType;
    }

    /// Where the IP header begins, in bytes from the start of the frame; -1 without IP.
    public int networkOffset() {
        return networkOffset;
    }

    /// Where the transport header begins, in bytes from the start of the frame; -1 where there is
    /// none (a later fragment), it was not captured, or the headers before it are wrong.
    public int transportOffset() {
        return transportOffset;
    }

    /// Bytes from the start of the frame to the end of its headers, as far as they were captured;
    /// what follows is payload. The last header is that of TCP (with its options), UDP or UDP-Lite
    /// (8 bytes), ICMP or ICMPv6 (8), SCTP or DCCP (12), and otherwise, as in later fragments, that
    /// of IP with its options or extension headers. An ARP packet is all header; of other frames
    /// without IP the link header with its VLAN tags counts. 0 for a link type not known here.
    public int headersLength() {
        return headersLength;
    }

    /// The TCP flags CWR to FIN (header byte 13); 0 where it isn't TCP or they were not captured.
    public int tcpFlags() {
        return tcpFlags;
    }

    /// Type of an ICMP or ICMPv6 packet, -1 where it is neither or was not captured.
    public int icmpType() {
        return icmpType;
    }

    /// Code of an ICMP or ICMPv6 packet, -1 where it is neither or was not captured.
    public int icmpCode() {
        return icmpCode;
    }
}
