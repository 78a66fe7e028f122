package dev.ringtail.consumer;

/// Records of one partition.
///
/// @param partition number of the partition
/// @param first offset of the first record
/// @param end offset after the last record
public record OffsetRange(int partition, long first, long end) {
    /// Whether no record can be in it.
    public boolean isEmpty() {
        return first >= end;
    }

    /// The part of this range from an offset on.
    public OffsetRange from(long offset) {
        return new OffsetRange(partition, Math.max(first, offset), end);
    }

    /// The part of this range before an offset.
    public OffsetRange before(long offset) {
        return new OffsetRange(partition, first, Math.min(end, offset));
    }
}
