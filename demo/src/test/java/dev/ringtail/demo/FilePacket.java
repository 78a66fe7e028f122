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

    /// Whether these bytes, in hexadecimal digits, are in it.
    boolean contains(String hex) {
        return data.contains(hex);
    }

    /// The packet with another time.
    FilePacket at(long otherTimestampNs) {
        return new FilePacket(linkType, otherTimestampNs, originalLength, data);
    }

    /// Not all of the data, so that a failed comparison can be read.
    @Override
    public String toString() {
        return "%d ns, link type %d, %d of %d bytes, %08x: %.160s"
                .formatted(
                        timestampNs,
                        linkType,
                        data.length() / 2,
                        originalLength,
                        data.hashCode(),
                        data);
    }
}
