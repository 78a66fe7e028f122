package dev.ringtail.pcap;

/// Link types as capture files carry them (`LINKTYPE_*`), and libpcap's own numbers for them
/// (`DLT_*`) where those differ on Linux.
///
/// @see <a href="https://www.tcpdump.org/linktypes.html">Link-layer header types</a>
public final class LinkType {
    /// BSD loopback: a 4-byte address family in the byte order of the machine that captured.
    public static final int NULL = 0;

    /// Ethernet (10 Mb/s and up): destination, source, type.
    public static final int ETHERNET = 1;

    /// Xerox experimental Ethernet (3 Mb/s).
    public static final int EXP_ETHERNET = 2;

    /// Proteon ProNET token ring.
    public static final int PRONET = 4;

    /// MIT Chaosnet.
    public static final int CHAOS = 5;

    /// IEEE 802.5 token ring.
    public static final int IEEE802_5 = 6;

    /// PPP, with or without the HDLC-like address and control bytes.
    public static final int PPP = 9;

    /// FDDI.
    public static final int FDDI = 10;

    /// IPv4 or IPv6 without a link header; the IP version tells which.
    public static final int RAW = 101;

    /// IEEE 802.11 wireless LAN.
    public static final int IEEE802_11 = 105;

    /// Cisco PPP with HDLC framing.
    public static final int C_HDLC = 104;

    /// Frame Relay.
    public static final int FRELAY = 107;

    /// OpenBSD loopback: a 4-byte address family in network byte order.
    public static final int LOOP = 108;

    /// Linux "cooked" capture, version 1.
    public static final int LINUX_SLL = 113;

    /// Apple LocalTalk.
    public static final int LTALK = 114;

    /// Prism monitor header, then IEEE 802.11.
    public static final int IEEE802_11_PRISM = 119;

    /// IP over Fibre Channel (RFC 2625).
    public static final int IP_OVER_FC = 122;

    /// Radiotap header, then IEEE 802.11.
    public static final int IEEE802_11_RADIOTAP = 127;

    /// ARCNET as Linux gives it, its fragments put together.
    public static final int ARCNET_LINUX = 129;

    /// AX.25 after a KISS byte.
    public static final int AX25_KISS = 202;

    /// USB as Linux captures it, with the 64-byte header.
    public static final int USB_LINUX_MMAPPED = 220;

    /// Fibre Channel FC-2 frames.
    public static final int FC_2 = 224;

    /// IPv4 without a link header.
    public static final int IPV4 = 228;

    /// IPv6 without a link header.
    public static final int IPV6 = 229;

    /// IEEE 802.15.4 without the checksum at the end.
    public static final int IEEE802_15_4_NOFCS = 230;

    /// Linux netlink messages (nlmon).
    public static final int NETLINK = 253;

    /// Linux vsock (vsockmon).
    public static final int VSOCK = 271;

    /// Linux "cooked" capture, version 2.
    public static final int LINUX_SLL2 = 276;

    private LinkType() {}

    /// Returns the name of `LINKTYPE_*` without that prefix, or `LINKTYPE n` for a number that has
    /// no constant here.
    public static String name(int linkType) {
        return switch (linkType) {
            case NULL -> "NULL";
            case ETHERNET -> "ETHERNET";
            case EXP_ETHERNET -> "EXP_ETHERNET";
            case PRONET -> "PRONET";
            case CHAOS -> "CHAOS";
            case IEEE802_5 -> "IEEE802_5";
            case PPP -> "PPP";
            case FDDI -> "FDDI";
            case RAW -> "RAW";
            case IEEE802_11 -> "IEEE802_11";
            case C_HDLC -> "C_HDLC";
            case FRELAY -> "FRELAY";
            case LOOP -> "LOOP";
            case LINUX_SLL -> "LINUX_SLL";
            case LTALK -> "LTALK";
            case IEEE802_11_PRISM -> "IEEE802_11_PRISM";
            case IP_OVER_FC -> "IP_OVER_FC";
            case IEEE802_11_RADIOTAP -> "IEEE802_11_RADIOTAP";
            case ARCNET_LINUX -> "ARCNET_LINUX";
            case AX25_KISS -> "AX25_KISS";
            case USB_LINUX_MMAPPED -> "USB_LINUX_MMAPPED";
            case FC_2 -> "FC_2";
            case IPV4 -> "IPV4";
            case IPV6 -> "IPV6";
            case IEEE802_15_4_NOFCS -> "IEEE802_15_4_NOFCS";
            case NETLINK -> "NETLINK";
            case VSOCK -> "VSOCK";
            case LINUX_SLL2 -> "LINUX_SLL2";
            default -> "LINKTYPE " + linkType;
        };
    }

    /// Returns the `DLT_*` number that libpcap on Linux uses for a `LINKTYPE_*`.
    public static int toDlt(int linkType) {
        return switch (linkType) {
            case 100 -> 11; // ATM_RFC1483
            case RAW -> 12;
            case 102 -> 15; // SLIP_BSDOS
            case 103 -> 16; // PPP_BSDOS
            case 106 -> 19; // ATM_CLIP
            default -> linkType;
        };
    }

    /// Returns the `LINKTYPE_*` for a `DLT_*` number of libpcap on Linux.
    ///
    /// A file may hold such a number too (very old libpcaps wrote theirs as they were); the numbers
    /// that differ are not assigned as link types, so mapping a file's number is harmless.
    public static int fromDlt(int dlt) {
        return switch (dlt) {
            case 11 -> 100;
            case 12 -> RAW;
            case 15 -> 102;
            case 16 -> 103;
            case 19 -> 106;
            default -> dlt;
        };
    }
}
