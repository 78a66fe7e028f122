package dev.ringtail.demo;

import dev.ringtail.schema.PacketBatchReader;

import java.util.Arrays;
import java.util.HexFormat;

/// A packet as it is in the packets topic.
///
/// @param laneNumber from 1 in its lane
/// @param captured what a capture file would have of it
record TopicPacket(int lane, long laneNumber, int partition, int flags, FilePacket captured) {
    static TopicPacket current(PacketBatchReader batch) {
        byte[] data =
                Arrays.copyOfRange(
                        batch.array(), batch.dataOffset(), batch.dataOffset() + batch.dataLength());
        return new TopicPacket(
                batch.lane(),
                batch.laneNumber(),
                batch.partition(),
                batch.flags(),
                new FilePacket(
                        batch.linkType(),
                        batch.timestampNs(),
                        batch.originalLength(),
                        HexFormat.of().formatHex(data)));
    }
}
