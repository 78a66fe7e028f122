package dev.ringtail.pcap.file;

import org.jspecify.annotations.Nullable;

/// Tells by its first bytes what a file is that can't be read, and what to do with it.
final class ForeignFormat {
    private ForeignFormat() {}

    /// Returns what to say of a file that is not a capture file that can be read.
    ///
    /// @param magic the first four bytes as a big-endian number
    static String describe(int magic) {
        @Nullable String decompressor = decompressor(magic);
        @Nullable String capture = capture(magic);
        String what;
        if (decompressor != null) {
            what = "compressed data, to be unpacked first with " + decompressor;
        } else if (capture != null) {
            what = "%s capture, to be converted first with editcap".formatted(capture);
        } else {
            what = "the first bytes are %08x".formatted(magic);
        }
        return "not a capture file that can be read: %s; pcap and pcapng are, also in gzip or zstd"
                .formatted(what);
    }

    private static @Nullable String decompressor(int magic) {
        @Nullable Compression nested = Compression.of(magic);
        if (nested != null) {
            return nested + " a second time";
        }
        if (magic >>> 8 == 0x425a68) { // "BZh" and a digit
            return "bzip2";
        }
        return switch (magic) {
            case 0x04224d18, 0x02214c18 -> "lz4";
            case 0xfd377a58 -> "xz";
            case 0x504b0304 -> "unzip";
            default -> null;
        };
    }

    /// By the magics of Wireshark's readers (wiretap). Ixia's is pcap but for its header, but what
    /// the fractions of its seconds are is told in different ways.
    private static @Nullable String capture(int magic) {
        return switch (magic) {
            case 0x736e6f6f -> "a Sun snoop"; // "snoop"
            case 0x6274736e -> "a Bluetooth btsnoop"; // "btsnoop"
            case 0x52545353, 0x474d4255 -> "a Microsoft Network Monitor"; // "RTSS", "GMBU"
            case 0x5452534e, 0x58435000 -> "a Sniffer"; // "TRSNIFF data", "XCP"
            case 0x69707472 -> "an AIX iptrace"; // "iptrace"
            case 0x4f627365 -> "an Observer"; // "ObserverPktBufferVersion"
            case 0xaaaaaaaa -> "an InfoVista 5View";
            case 0x1c0001ab, 0x1c0001ac, 0xab01001c, 0xac01001c -> "an Ixia lcap";
            case 0x05564e46 -> "a Visual Networks"; // 5, "VNF"
            default -> null;
        };
    }
}
