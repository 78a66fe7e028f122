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

    /// Latest capture time of the last batch of each stream that was taken by itself.
    private final Map<Stream, Long> lastTimesNs = new HashMap<>();

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
                putGap(gaps, batch, first - next, sinceNs, index.minNs(batch), query);
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

    /// Goes on by one batch, which must be its stream's next.
    ///
    /// @param gaps gets what is missing before it
    /// @throws OutOfOrderException if it repeats packets, or comes after later ones
    void advance(BatchIndex index, int batch, ExportQuery query, Map<Integer, Long> gaps) {
        Stream stream = new Stream(index.laneKey(batch), index.partition(batch));
        Long next = nextNumbers.put(stream, index.endPacketNumber(batch));
        Long sinceNs = lastTimesNs.put(stream, index.maxNs(batch));
        long first = index.firstPacketNumber(batch);
        if (next == null || sinceNs == null) {
            return;
        }
        if (first < next) {
            throw new OutOfOrderException(
                    "packet number %d of %s where %d was next".formatted(first, stream, next));
        }
        if (first > next) {
            putGap(gaps, batch, first - next, sinceNs, index.minNs(batch), query);
        }
    }

    /// Between batches out of the range nothing of the range is missing.
    private static void putGap(
            Map<Integer, Long> gaps,
            int batch,
            long packetCount,
            long sinceNs,
            long untilNs,
            ExportQuery query) {
        if (query.overlaps(Math.min(sinceNs, untilNs), Math.max(sinceNs, untilNs))) {
            gaps.put(batch, packetCount);
        }
    }
}
