package dev.ringtail.consumer;

import dev.ringtail.schema.BatchHeaders;
import dev.ringtail.schema.PacketBatchReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a record of the packets topic says of its batch without its packets being read.
///
/// @param lane the stream's lane, with sensor and session
/// @param firstPacketNumber packet number of the first packet, at least 1
/// @param packetCount count of packets
/// @param minTimestampNs earliest capture time, nanoseconds since 1970-01-01T00:00:00Z
/// @param maxTimestampNs latest capture time, nanoseconds since 1970-01-01T00:00:00Z
public record BatchHead(
        LaneKey lane,
        long firstPacketNumber,
        int packetCount,
        long minTimestampNs,
        long maxTimestampNs) {

    /// Reads the record's headers.
    ///
    /// @return null if one is missing or no number; then the value must be decoded
    public static @Nullable BatchHead ofHeaders(ConsumerRecord<byte[], ByteBuffer> record) {
        Headers headers = record.headers();
        String sensor = text(headers, BatchHeaders.SENSOR);
        String session = text(headers, BatchHeaders.SESSION);
        String lane = text(headers, BatchHeaders.LANE);
        String firstPacket = text(headers, BatchHeaders.FIRST_PACKET);
        String packets = text(headers, BatchHeaders.PACKETS);
        String minNs = text(headers, BatchHeaders.MIN_NS);
        String maxNs = text(headers, BatchHeaders.MAX_NS);
        if (sensor == null
                || session == null
                || lane == null
                || firstPacket == null
                || packets == null
                || minNs == null
                || maxNs == null) {
            return null;
        }
        try {
            BatchHead head =
                    new BatchHead(
                            new LaneKey(sensor, session, Integer.parseInt(lane)),
                            Long.parseLong(firstPacket),
                            Integer.parseInt(packets),
                            Long.parseLong(minNs),
                            Long.parseLong(maxNs));
            return head.firstPacketNumber < 1 || head.packetCount < 0 ? null : head;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// The head of a batch that a reader has been wrapped around.
    public static BatchHead of(PacketBatchReader batch) {
        return new BatchHead(
                new LaneKey(batch.sensorId(), batch.sessionId(), batch.lane()),
                batch.firstPacketNumber(),
                batch.packetCount(),
                batch.minTimestampNs(),
                batch.maxTimestampNs());
    }

    /// Packet number after the last packet's.
    public long endPacketNumber() {
        return firstPacketNumber + packetCount;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
