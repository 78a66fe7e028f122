package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.bytes;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.testing.Frames;

import java.util.HexFormat;
import java.util.SplittableRandom;

/// Random TCP super-frames: link headers, VLAN tags, both IP versions with options and extension
/// headers, TCP options, up to 200 KiB of payload.
final class SuperFrames {
    private final SplittableRandom random;

    SuperFrames(SplittableRandom random) {
        this.random = random;
    }

    /// A frame of a link type that tells IPv4 from IPv6.
    byte[] next(int linkType) {
        byte[] payload = new byte[random.nextInt(3) == 0 ? random.nextInt(200_000) : 5_000];
        random.nextBytes(payload);
        String options = "0101080a 00000001 00000002".repeat(random.nextInt(4));
        // Without SYN and RST, whose payload tshark takes for something else.
        int flags = random.nextInt(256) & 0xf9;
        String tcp =
                "1234 01bb %08x 00000002 %02x%02x ffff 0000 0000"
                                .formatted(
                                        random.nextInt(),
                                        0x50 + options.length() / 26 * 0x30,
                                        flags)
                        + options;
        boolean ipv4 = random.nextBoolean();
        String packet = ipv4 ? ipv4(tcp, payload) : ipv6(tcp, payload);
        String type = ipv4 ? "0800" : "86dd";
        String tags = random.nextBoolean() ? "8100 0064" : "88a8 0064 8100 0007";
        String link =
                switch (linkType) {
                    case LinkType.ETHERNET -> Frames.MACS + tags + type;
                    case LinkType.LINUX_SLL -> "0000 0001 0006 0200000000010000" + type;
                    case LinkType.LINUX_SLL2 -> type + "0000 00000002 0001 00 06 0200000000010000";
                    default -> "";
                };
        return bytes(link, packet);
    }

    private String ipv4(String tcp, byte[] payload) {
        int words = random.nextInt(3);
        int length = 20 + 4 * words + bytes(tcp).length + payload.length;
        return "%02x00 %04x %04x 4000 40 06 0000 0a000001 0a000002"
                        .formatted(
                                0x45 + words,
                                length > 0xffff ? 0 : length,
                                random.nextInt(1, 0x10000))
                + "01010101".repeat(words)
                + tcp
                + HexFormat.of().formatHex(payload);
    }

    private String ipv6(String tcp, byte[] payload) {
        String extension = random.nextBoolean() ? "06 00 010400000000" : "";
        int length = bytes(extension, tcp).length + payload.length;
        boolean jumbo = length > 0xffff;
        String jumboHeader =
                "%02x 00 c204 %08x".formatted(extension.isEmpty() ? 6 : 60, length + 8);
        int next = jumbo ? 0 : extension.isEmpty() ? 6 : 60;
        return "60000000 %04x %02x 40".formatted(jumbo ? 0 : length, next)
                + "fd000000000000000000000000000001 fd000000000000000000000000000002"
                + (jumbo ? jumboHeader : "")
                + extension
                + tcp
                + HexFormat.of().formatHex(payload);
    }
}
