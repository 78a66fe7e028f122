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
public record PacketRun(
        int firstIndex, int packetCount, long laneNumberBefore, int offset, int length) {

    /// All packets of a batch from one on, in their order. Its reader has walked through it then.
    ///
    /// @param batch a batch of which every packet can be read
    /// @param firstIndex place in the batch of the first
    /// @param maxBytes most bytes of a run; a single packet may exceed it
    public static List<PacketRun> allFrom(PacketBatchReader batch, int firstIndex, int maxBytes) {
        List<PacketRun> runs = new ArrayList<>();
        batch.rewind();
        long laneNumber = batch.firstLaneNumber();
        PacketRun run = null;
        for (int index = 0; batch.next(); index++) {
            if (index >= firstIndex) {
                int end = batch.dataOffset() + batch.dataLength();
                if (run != null
                        && run.offset + run.length == batch.fieldsOffset()
                        && end - run.offset <= maxBytes) {
                    run = run.to(end);
                } else {
                    if (run != null) {
                        runs.add(run);
                    }
                    int start = batch.fieldsOffset();
                    run = new PacketRun(index, 1, laneNumber, start, end - start);
                }
            }
            laneNumber = batch.laneNumber();
        }
        if (run != null) {
            runs.add(run);
        }
        return runs;
    }

    private PacketRun to(int end) {
        return new PacketRun(firstIndex, packetCount + 1, laneNumberBefore, offset, end - offset);
    }
}
