package dev.ringtail.consumer.export;

import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.EpbFlags;
import dev.ringtail.schema.PacketBatchReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Writes merged packets into a capture file, with comments where packets are missing.
final class CaptureSink {
    /// What a capture file's 32-bit field holds.
    private static final long MAX_ORIGINAL_LENGTH = 0xffff_ffffL;

    private final CaptureWriter writer;
    private final @Nullable Resegmenter resegmenter;
    private final ExportQuery query;
    private final FileInterfaces interfaces;
    private long packetCount;
    private long dataBytes;
    private long lastNs;

    /// @param resegmenter null where packets are written as they were captured
    CaptureSink(
            CaptureWriter writer,
            ExportQuery query,
            SessionLedgers ledgers,
            @Nullable Resegmenter resegmenter) {
        this.writer = writer;
        this.query = query;
        this.interfaces = new FileInterfaces(writer, query, ledgers);
        this.resegmenter = resegmenter;
    }

    /// Writes the present packet of a batch.
    ///
    /// @param missing packets of the lane that are missing right before it
    void write(BatchCursor cursor, long missing) throws IOException {
        PacketBatchReader packet = cursor.packet();
        if (cursor.interfaceId() < 0) {
            cursor.setInterfaceId(interfaces.idOf(packet));
        }
        String comment = comment(cursor, missing);
        if (resegmenter != null && resegmenter.begin(packet)) {
            writeFrames(cursor, resegmenter, comment);
        } else {
            writer.writePacket(
                    cursor.interfaceId(),
                    packet.timestampNs(),
                    Math.min(packet.originalLength(), MAX_ORIGINAL_LENGTH),
                    packet.array(),
                    packet.dataOffset(),
                    packet.dataLength(),
                    EpbFlags.ofPacketType(packet.packetType()),
                    comment);
        }
        packetCount++;
        dataBytes += packet.dataLength();
        lastNs = packet.timestampNs();
    }

    private void writeFrames(BatchCursor cursor, Resegmenter frames, @Nullable String comment)
            throws IOException {
        PacketBatchReader packet = cursor.packet();
        String firstComment = comment;
        while (frames.next()) {
            writer.writePacket(
                    cursor.interfaceId(),
                    packet.timestampNs(),
                    frames.length(),
                    frames.array(),
                    0,
                    frames.length(),
                    EpbFlags.ofPacketType(packet.packetType()),
                    firstComment);
            firstComment = null;
        }
    }

    private @Nullable String comment(BatchCursor cursor, long missing) {
        PacketBatchReader packet = cursor.packet();
        List<String> gaps = interfaces.gapsBefore(cursor.interfaceId(), packet.timestampNs());
        if (gaps.isEmpty()) {
            return missing == 0 ? null : missing(packet, missing);
        }
        List<String> comments = new ArrayList<>(gaps);
        if (missing > 0) {
            comments.add(missing(packet, missing));
        }
        return String.join("; ", comments);
    }

    private static String missing(PacketBatchReader packet, long missing) {
        return missing
                + (missing == 1 ? " packet" : " packets")
                + " of lane "
                + packet.lane()
                + " missing here (sensor "
                + packet.sensorId()
                + ", session "
                + packet.sessionId()
                + ")";
    }

    /// Writes for each interface what the ledgers counted, and the gaps that no packet followed.
    void writeStatistics() throws IOException {
        interfaces.refresh();
        writeKnownStatistics();
    }

    /// The same by the ledgers as they were read last: Kafka is not asked.
    void writeKnownStatistics() throws IOException {
        boolean limited = packetCount >= query.maxPackets();
        interfaces.writeStatistics(limited ? lastNs : query.toNs());
    }

    /// Hands all that was written to the stream below.
    void flush() throws IOException {
        writer.flush();
    }

    /// Count of packets written, as they were captured.
    long packetCount() {
        return packetCount;
    }

    /// Captured bytes of these.
    long dataBytes() {
        return dataBytes;
    }

    /// Packets that the ledgers of the sessions call lost before the topic; known when the
    /// statistics are written.
    long lost() {
        return interfaces.lost();
    }

    /// Count of interfaces.
    int interfaceCount() {
        return interfaces.count();
    }

    /// Count of sensors.
    long sensorCount() {
        return interfaces.sensorCount();
    }
}
