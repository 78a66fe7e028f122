package dev.ringtail.demo;

import dev.ringtail.pcap.file.CaptureFileReader;

import java.util.Arrays;
import java.util.HexFormat;

/// A packet of a capture file, with everything that must survive.
record FilePacket(int linkType, long timestampNs, long originalLength, String data) {
    static FilePacket current(CaptureFileReader reader) {
        byte[] data =
                Arrays.copyOfRange(
                        reader.data(),
                        reader.dataOffset(),
                        reader.dataOffset() + reader.dataLength());
        return new FilePacket(
                reader.linkType(),
                reader.timestampNs(),
                reader.originalLength(),
                HexFormat.of().formatHex(data));
    }
}
