package dev.ringtail.consumer.export;

import java.util.Map;

/// What one merge works on.
///
/// @param index the batches
/// @param gaps for each batch that comes after a gap, the count of packets missing before it
/// @param seen packet numbers of streams whose first packets an earlier merge has written: for each
///   batch that has such, the first number that is new
record MergeInput(BatchIndex index, Map<Integer, Long> gaps, Map<Integer, Long> seen) {
    /// Count of packets missing in all.
    long missing() {
        return gaps.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Count of packets missing before a batch.
    long missingBefore(int batch) {
        return gaps.isEmpty() ? 0 : gaps.getOrDefault(batch, 0L);
    }

    /// First packet number of a batch's stream that no earlier merge has written.
    long firstUnseen(int batch) {
        return seen.isEmpty() ? 0 : seen.getOrDefault(batch, 0L);
    }
}
