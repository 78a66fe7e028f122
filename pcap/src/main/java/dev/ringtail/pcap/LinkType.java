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

    /// PPP, with or without the HDLC-like address and control bytes.
    public static final int PPP = 9;

    /// IPv4 or IPv6 without a link header; the IP version tells which.
    public static final int RAW = 101;

    /// IEEE 802.11 wireless LAN.
    public static final int IEEE802_11 = 105;

    /// OpenBSD loopback: a 4-byte address family in network byte order.
    public static final int LOOP = 108;

    /// Linux "cooked" capture, version 1.
    public static final int LINUX_SLL = 113;

    /// Radiotap header, then IEEE 802.11.
    public static final int IEEE802_11_RADIOTAP = 127;

    /// USB as Linux captures it, with the 64-byte header.
    public static final int USB_LINUX_MMAPPED = 220;

    /// IPv4 without a link header.
    public static final int IPV4 = 228;

    /// IPv6 without a link header.
    public static final int IPV6 = 229;

    /// Linux netlink messages (nlmon).
    public static final int NETLINK = 253;

    /// Linux "cooked" capture, version 2.
    public static final int LINUX_SLL2 = 276;

    private LinkType() {}

    /// Returns the name of `LINKTYPE_*` without that prefix, or `LINKTYPE n` for a number that has
    /// no constant here.
    public static String name(int linkType) {
        return switch (linkType) {
            case NULL -> "NULL";
            case ETHERNET -> "ETHERNET";
            case PPP -> "PPP";
            case RAW -> "RAW";
            case IEEE802_11 -> "IEEE802_11";
            case LOOP -> "LOOP";
            case LINUX_SLL -> "LINUX_SLL";
            case IEEE802_11_RADIOTAP -> "IEEE802_11_RADIOTAP";
            case USB_LINUX_MMAPPED -> "USB_LINUX_MMAPPED";
            case IPV4 -> "IPV4";
            case IPV6 -> "IPV6";
            case NETLINK -> "NETLINK";
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
