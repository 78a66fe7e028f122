package dev.ringtail.testing;

import java.util.HexFormat;

/// Frames for tests, put together from hexadecimal parts.
///
/// Hosts are 10.0.0.1 and 10.0.0.2, fd00::1 and fd00::2; the first always sends. Checksums are 0.
public final class Frames {
    /// Destination and source of an Ethernet header.
    public static final String MACS = "020000000002 020000000001";

    /// A UDP header from port 4660 to 53, with eight bytes of payload.
    public static final String UDP = "1234 0035 0010 0000 0102030405060708";

    /// A TCP header from port 4660 to 443 with SYN and ACK set.
    public static final String TCP = "1234 01bb 00000001 00000002 5012 ffff 0000 0000";

    private Frames() {}

    /// Returns the bytes of hexadecimal digits; spaces are ignored.
    public static byte[] bytes(String... hex) {
        return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
    }

    /// Returns an Ethernet frame without padding.
    ///
    /// @param rest type field and what follows, VLAN tags included
    public static byte[] ethernet(String... rest) {
        return bytes(MACS, String.join("", rest));
    }

    /// Returns an IPv4 packet without options as hexadecimal digits.
    ///
    /// @param flagsAndOffset the 16 bits that tell of fragments
    public static String ipv4(int protocol, int flagsAndOffset, String payload) {
        return "4500 %04x 0001 %04x 40 %02x 0000 0a000001 0a000002"
                        .formatted(20 + bytes(payload).length, flagsAndOffset, protocol)
                + payload;
    }

    /// Returns an IPv6 packet as hexadecimal digits.
    ///
    /// @param payload extension headers included
    public static String ipv6(int nextHeader, String... payload) {
        return "60000000 %04x %02x 40".formatted(bytes(payload).length, nextHeader)
                + "fd000000000000000000000000000001 fd000000000000000000000000000002"
                + String.join("", payload);
    }
}
