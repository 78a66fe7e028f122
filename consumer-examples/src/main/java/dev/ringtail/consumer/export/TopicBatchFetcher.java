package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;
import dev.ringtail.consumer.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
/// and begins before what is waited for ends, is put into a file where the stash has no room: the
/// batches of many sessions of one time would else cost a seek each.
final class TopicBatchFetcher implements BatchFetcher {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicBatchFetcher.class);

    /// Reading on over this many records costs less than a seek, which throws away what the client
    /// has fetched ahead.
    private static final int SEEK_AHEAD_RECORDS = 500;

    /// Most bytes of values in the file: they save time, for which no disk should be filled.
    private static final long MAX_SPILLED_BYTES = 1L << 30;

    private final TopicReader reader;
    private final BatchIndex index;
    private final Stash stash;
    private final SpillFile spillFile;
    private final Set<Integer> loaded;
    private final int[] byOffset;

    /// Offset after the last wanted batch of each partition that has any.
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    /// Batches that are in the file, and where.
    private final Map<Integer, Spilled> spilled = new HashMap<>();

    private long spilledBytes;

    private boolean assigned;

    private record Spilled(long position, int length) {}

    /// @param loaded batches that will not be fetched again; looked at while reading
    TopicBatchFetcher(
            TopicReader reader,
            BatchIndex index,
            Stash stash,
            SpillFile spillFile,
            Set<Integer> loaded) {
        this.reader = reader;
        this.index = index;
        this.stash = stash;
        this.spillFile = spillFile;
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
        Spilled kept = spilled.remove(batch);
        if (kept != null) {
            return takeBack(kept);
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

    private ByteBuffer takeBack(Spilled kept) {
        byte[] value = new byte[kept.length];
        spillFile.read(kept.position, value, kept.length);
        spillFile.free(kept.position, kept.length);
        spilledBytes -= kept.length;
        return ByteBuffer.wrap(value);
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
        if (spilled.containsKey(read) || stash.get(read) != null) {
            return;
        }
        long neededNs = index.maxNs(batch);
        boolean toFile = index.minNs(read) <= neededNs && !stash.hasRoomFor(value, neededNs);
        if (!toFile || !spill(read, value)) {
            stash.offer(read, value);
        }
    }

    /// Puts a value into the file.
    ///
    /// @return false if it is full, or cannot be written: the batch can be fetched again
    private boolean spill(int batch, ByteBuffer value) {
        int length = value.remaining();
        if (spilledBytes + length > MAX_SPILLED_BYTES) {
            return false;
        }
        try {
            spilled.put(batch, new Spilled(spillFile.write(value), length));
            spilledBytes += length;
            return true;
        } catch (CommandException e) {
            LOGGER.debug("batches are fetched again", e);
            return false;
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
