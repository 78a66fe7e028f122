package dev.ringtail.consumer.export;

import dev.ringtail.consumer.LaneKey;

import java.util.HashMap;
import java.util.Map;

/// How far the packet numbers of each stream (session, lane, partition) have come. They are
/// consecutive, so a batch tells exactly how many packets are missing before it, and which of its
/// own were there before.
///
/// What is missing before the first batch of a stream that was seen is not judged: it may have
/// expired, or lie outside the time range.
final class StreamNumbers {
    private record Stream(LaneKey lane, int partition) {}

    private final Map<Stream, Long> nextNumbers = new HashMap<>();

    /// Goes on by all batches of an index.
    ///
    /// @return the index, with what is missing before its batches, and what they repeat of batches
    ///   of earlier calls
    MergeInput advance(BatchIndex index, ExportQuery query) {
        Map<Integer, Long> gaps = new HashMap<>();
        Map<Integer, Long> seen = new HashMap<>();
        Map<Stream, Long> earlier = Map.copyOf(nextNumbers);
        Stream lastStream = null;
        long lastNs = 0;
        for (int batch : index.byStream()) {
            Stream stream = new Stream(index.laneKey(batch), index.partition(batch));
            Long next = nextNumbers.get(stream);
            long first = index.firstPacketNumber(batch);
            if (next != null && first > next) {
                long sinceNs = stream.equals(lastStream) ? lastNs : index.minNs(batch);
                // Between batches out of the range nothing of the range is missing.
                if (query.overlaps(
                        Math.min(sinceNs, index.minNs(batch)),
                        Math.max(sinceNs, index.minNs(batch)))) {
                    gaps.put(batch, first - next);
                }
            }
            Long firstUnseen = earlier.get(stream);
            if (firstUnseen != null && first < firstUnseen) {
                seen.put(batch, firstUnseen);
            }
            nextNumbers.merge(stream, index.endPacketNumber(batch), Math::max);
            lastStream = stream;
            lastNs = index.maxNs(batch);
        }
        return new MergeInput(index, gaps, seen);
    }
}
