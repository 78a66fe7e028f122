package dev.ringtail.sensor.record;

import dev.ringtail.pcap.file.CaptureFileReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A packet of [RecordedLane] in a file.
record RecordedPacket(int lane, int number, long timestampNs, int length) {
    static List<RecordedPacket> all(Path file) throws IOException {
        List<RecordedPacket> packets = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                ByteBuffer data =
                        ByteBuffer.wrap(reader.data(), reader.dataOffset(), reader.dataLength());
                packets.add(
                        new RecordedPacket(
                                data.getInt(),
                                data.getInt(),
                                reader.timestampNs(),
                                reader.dataLength()));
            }
        }
        return packets;
    }
}
