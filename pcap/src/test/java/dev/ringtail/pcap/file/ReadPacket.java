package dev.ringtail.pcap.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// A packet that a test has read, in a form that can be compared.
record ReadPacket(
        int interfaceIndex, int linkType, long timestampNs, long originalLength, String dataHex) {

    static ReadPacket of(CaptureFileReader reader) {
        byte[] data =
                Arrays.copyOfRange(
                        reader.data(),
                        reader.dataOffset(),
                        reader.dataOffset() + reader.dataLength());
        return new ReadPacket(
                reader.interfaceIndex(),
                reader.linkType(),
                reader.timestampNs(),
                reader.originalLength(),
                HexFormat.of().formatHex(data));
    }

    /// Reads a whole file that is in memory.
    static List<ReadPacket> all(byte[] file) throws IOException {
        try (CaptureFileReader reader = open(file)) {
            return all(reader);
        }
    }

    static List<ReadPacket> all(CaptureFileReader reader) throws IOException {
        List<ReadPacket> packets = new ArrayList<>();
        while (reader.next()) {
            packets.add(of(reader));
        }
        return packets;
    }

    static CaptureFileReader open(byte[] file) throws IOException {
        return CaptureFileReader.open(new ByteArrayInputStream(file), "test.pcap");
    }
}
