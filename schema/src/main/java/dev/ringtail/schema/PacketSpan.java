package dev.ringtail.schema;

import java.util.ArrayList;
import java.util.List;

/// Packets of a batch that lie one behind the other, so that they can be kept apart from the rest
/// of it, and read by [PacketBatchReader#resume].
///
/// @param firstIndex place of the first in the batch, counted from 0
/// @param packetCount count of them, at least 1
/// @param laneNumberBefore lane number that the first packet's is counted from
/// @param offset index into the reader's array of the first byte
/// @param length count of bytes
public record PacketSpan(
        int firstIndex, int packetCount, long laneNumberBefore, int offset, int length) {

    /// All packets of a batch from one on, in their order. Its reader has walked through it then.
    ///
    /// @param batch a batch of which every packet can be read
    /// @param firstIndex place in the batch of the first
    /// @param maxBytes most bytes of a span; a single packet may exceed it
    public static List<PacketSpan> allFrom(PacketBatchReader batch, int firstIndex, int maxBytes) {
        List<PacketSpan> spans = new ArrayList<>();
        batch.rewind();
        long laneNumber = batch.firstLaneNumber();
        PacketSpan span = null;
        for (int index = 0; batch.next(); index++) {
            if (index >= firstIndex) {
                int end = batch.dataOffset() + batch.dataLength();
                if (span != null
                        && span.offset + span.length == batch.fieldsOffset()
                        && end - span.offset <= maxBytes) {
                    span = span.to(end);
                } else {
                    if (span != null) {
                        spans.add(span);
                    }
                    int start = batch.fieldsOffset();
                    span = new PacketSpan(index, 1, laneNumber, start, end - start);
                }
            }
            laneNumber = batch.laneNumber();
        }
        if (span != null) {
            spans.add(span);
        }
        return spans;
    }

    private PacketSpan to(int end) {
        return new PacketSpan(firstIndex, packetCount + 1, laneNumberBefore, offset, end - offset);
    }
}
