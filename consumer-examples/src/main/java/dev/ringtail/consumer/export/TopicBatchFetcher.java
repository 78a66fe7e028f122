package dev.ringtail.consumer.export;

import dev.ringtail.consumer.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Fetches batches from the topic in the order in which they are needed, which is nearly that of
/// the partitions: all are read on at once, and what comes before it is needed goes into the stash.
///
/// While the stash has half of what it has room for, only the partition that is waited for is read.
/// A value that the stash had to give up, or one far ahead, costs a seek. What is read on the way,
/// and begins before what is waited for ends, is kept in a file where the stash has no room: the
/// batches of many sessions of one time would else cost a seek each.
final class TopicBatchFetcher implements BatchFetcher {
    /// Reading on over this many records costs less than a seek, which throws away what the client
    /// has fetched ahead.
    private static final int SEEK_AHEAD_RECORDS = 500;

    private final TopicReader reader;
    private final BatchIndex index;
    private final Stash stash;
    private final KeptBatches kept;
    private final Set<Integer> loaded;
    private final int[] byOffset;

    /// Offset after the last wanted batch of each partition that has any.
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private boolean assigned;

    /// @param loaded batches that will not be fetched again; looked at while reading
    TopicBatchFetcher(
            TopicReader reader,
            BatchIndex index,
            Stash stash,
            KeptBatches kept,
            Set<Integer> loaded) {
        this.reader = reader;
        this.index = index;
        this.stash = stash;
        this.kept = kept;
        this.loaded = loaded;
        this.byOffset =
                IntSort.sorted(
                        index.count(),
                        index::isWanted,
                        (a, b) ->
                                comparePlaces(
                                        index.partition(a),
                                        index.offset(a),
                                        index.partition(b),
                                        index.offset(b)));
    }

    @Override
    public @Nullable ByteBuffer fetch(int batch) {
        ByteBuffer stashed = stash.get(batch);
        if (stashed != null) {
            return stashed;
        }
        ByteBuffer takenBack = kept.take(batch);
        if (takenBack != null) {
            return takenBack;
        }
        if (!assigned) {
            assign();
        }
        TopicPartition partition = reader.partition(index.partition(batch));
        long offset = index.offset(batch);
        long position = reader.position(partition);
        if (position > offset || offset - position > SEEK_AHEAD_RECORDS) {
            reader.seek(partition, offset);
        }
        while (true) {
            readOn(partition);
            ByteBuffer value = poll(batch);
            if (value != null) {
                return value;
            }
            if (reader.position(partition) > offset) {
                return null;
            }
        }
    }

    /// Takes up each partition at its first batch that is not in the stash.
    private void assign() {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (int batch : byOffset) {
            TopicPartition partition = reader.partition(index.partition(batch));
            ends.put(partition, index.offset(batch) + 1);
            if (stash.get(batch) == null) {
                starts.putIfAbsent(partition, index.offset(batch));
            }
        }
        // A partition that is wholly in the stash is read again if the stash gives a batch up.
        ends.forEach(starts::putIfAbsent);
        reader.assign(starts);
        assigned = true;
    }

    private void readOn(TopicPartition needed) {
        Set<TopicPartition> open = new HashSet<>();
        open.add(needed);
        if (!stash.isHalfFull()) {
            ends.forEach(
                    (partition, end) -> {
                        if (reader.position(partition) < end) {
                            open.add(partition);
                        }
                    });
        }
        reader.readOnly(open);
    }

    private @Nullable ByteBuffer poll(int batch) {
        ByteBuffer found = null;
        for (ConsumerRecord<byte[], ByteBuffer> record : reader.poll(true)) {
            int read = find(record.partition(), record.offset());
            if (read == batch) {
                found = record.value();
            } else if (read >= 0 && record.value() != null && !loaded.contains(read)) {
                keep(read, record.value(), batch);
            }
        }
        return found;
    }

    /// Keeps what was read on the way to another batch.
    private void keep(int read, ByteBuffer value, int batch) {
        if (kept.has(read) || stash.get(read) != null) {
            return;
        }
        long neededNs = index.maxNs(batch);
        boolean toFile = index.minNs(read) <= neededNs && !stash.hasRoomFor(value, neededNs);
        if (!toFile || !kept.keep(read, value)) {
            stash.offer(read, value);
        }
    }

    /// The wanted batch at a place in the topic, or a negative number.
    private int find(int partition, long offset) {
        int low = 0;
        int high = byOffset.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int batch = byOffset[middle];
            int order =
                    comparePlaces(index.partition(batch), index.offset(batch), partition, offset);
            if (order == 0) {
                return batch;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private static int comparePlaces(int partition, long offset, int partition2, long offset2) {
        return partition != partition2
                ? Integer.compare(partition, partition2)
                : Long.compare(offset, offset2);
    }
}
