package dev.ringtail.sensor.lane;

/// How the memory for batches is shared out: so many batches of such a size for each lane.
///
/// @param batchCount batches of a lane
/// @param batchBytes bytes of each
public record BatchBudget(int batchCount, int batchBytes) {
    private static final int MIN_BATCH_BYTES = 16 << 10;

    /// Shares memory out. The batch size is halved until every lane can have an open batch for each
    /// partition, what one ring block can take, and another for each partition on their way to
    /// Kafka.
    ///
    /// @param memoryBytes for all lanes together
    /// @param wantedBatchBytes size of a batch that is not shrunk
    /// @param maxValueBytes most bytes that a Kafka record may have
    /// @param blockBytes bytes of a ring block
    /// @throws IllegalArgumentException where not even the smallest batches fit
    public static BatchBudget share(
            long memoryBytes,
            int wantedBatchBytes,
            int maxValueBytes,
            int lanes,
            int partitions,
            int blockBytes) {
        int batchBytes = Math.min(wantedBatchBytes, maxValueBytes);
        while (true) {
            int needed = 3 * partitions + BatchEncoder.mostClosedBy(blockBytes, batchBytes);
            long count = memoryBytes / lanes / batchBytes;
            if (count >= needed) {
                return new BatchBudget(Math.toIntExact(Math.min(count, 1 << 16)), batchBytes);
            }
            if (batchBytes / 2 < MIN_BATCH_BYTES) {
                throw new IllegalArgumentException(
                        "%d bytes do not hold the batches of %d lanes and %d partitions; give it at least %d"
                                .formatted(
                                        memoryBytes,
                                        lanes,
                                        partitions,
                                        (long) needed * lanes * batchBytes));
            }
            batchBytes /= 2;
        }
    }
}
