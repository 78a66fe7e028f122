package dev.ringtail.consumer.export;

import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Reads ranges of the packets topic on a thread of its own, ahead of the one that takes the
/// records, so that fetching and checking overlap with writing.
///
/// Partitions are kept abreast in time: while more than half of the allowed bytes are held only
/// those are read that are behind the others. Over that limit nothing is read, unless the taker has
/// nothing left to do.
final class ReadAhead implements AutoCloseable {
    /// Records of one poll.
    ///
    /// @param records each partition's in the order of offsets
    /// @param reachedMs no partition that goes on is behind this record timestamp; empty where one
    ///   has not shown any
    record Chunk(List<ConsumerRecord<byte[], ByteBuffer>> records, OptionalLong reachedMs) {
        private long bytes() {
            long bytes = 0;
            for (ConsumerRecord<byte[], ByteBuffer> record : records) {
                bytes += Math.max(0, record.serializedValueSize());
            }
            return bytes;
        }
    }

    private final TopicReader reader;
    private final long limitBytes;
    private final BooleanSupplier stop;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> reachedMs = new HashMap<>();
    private final Thread thread;

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Chunk> chunks = new ArrayDeque<>();
    private long queuedBytes;
    private long heldBytes;
    private boolean takerWaits;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;

    private ReadAhead(TopicReader reader, long limitBytes, BooleanSupplier stop) {
        this.reader = reader;
        this.limitBytes = limitBytes;
        this.stop = stop;
        this.thread = new Thread(this::run, "rt-read-ahead");
        // A broker that it waits for must not keep the JVM from ending.
        thread.setDaemon(true);
    }

    /// Begins to read.
    ///
    /// @param reader belongs to the thread until [#close]
    /// @param ranges one a partition
    /// @param limitBytes of values, those that the taker says that it holds included
    /// @param stop asked between polls; true ends the reading early
    static ReadAhead start(
            TopicReader reader, List<OffsetRange> ranges, long limitBytes, BooleanSupplier stop) {
        ReadAhead ahead = new ReadAhead(reader, limitBytes, stop);
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (OffsetRange range : ranges) {
            if (!range.isEmpty()) {
                TopicPartition partition = reader.partition(range.partition());
                starts.put(partition, range.first());
                ahead.ends.put(partition, range.end());
            }
        }
        reader.assign(starts);
        ahead.thread.start();
        return ahead;
    }

    private void run() {
        try {
            read();
            end(null);
        } catch (Throwable e) { // An Error too: the taker must not wait for ever.
            end(e);
        }
    }

    private void read() {
        while (!ends.isEmpty() && mayRead() && !stop.getAsBoolean()) {
            List<ConsumerRecord<byte[], ByteBuffer>> records = new ArrayList<>();
            for (ConsumerRecord<byte[], ByteBuffer> record : reader.poll(true)) {
                TopicPartition partition = reader.partition(record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    records.add(record);
                    reachedMs.merge(partition, record.timestamp(), Math::max);
                }
            }
            // Transaction markers end a range too, so the position counts and not the records.
            ends.entrySet().removeIf(end -> reader.position(end.getKey()) >= end.getValue());
            reachedMs.keySet().retainAll(ends.keySet());
            put(new Chunk(records, slowestMs()));
            reader.readOnly(isHalfFull() ? slowest() : new HashSet<>(ends.keySet()));
        }
    }

    private OptionalLong slowestMs() {
        return reachedMs.size() < ends.size()
                ? OptionalLong.empty()
                : reachedMs.values().stream().mapToLong(Long::longValue).min();
    }

    /// The partitions that are behind all others, or have not shown how far they are.
    private Set<TopicPartition> slowest() {
        long slowestMs = slowestMs().orElse(Long.MIN_VALUE);
        Set<TopicPartition> slowest = new HashSet<>();
        for (TopicPartition partition : ends.keySet()) {
            if (reachedMs.getOrDefault(partition, Long.MIN_VALUE) <= slowestMs) {
                slowest.add(partition);
            }
        }
        return slowest;
    }

    private boolean mayRead() {
        lock.lock();
        try {
            while (!closed && !takerWaits && queuedBytes + heldBytes > limitBytes) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isHalfFull() {
        lock.lock();
        try {
            return queuedBytes + heldBytes > limitBytes / 2;
        } finally {
            lock.unlock();
        }
    }

    private void put(Chunk chunk) {
        change(
                () -> {
                    chunks.add(chunk);
                    queuedBytes += chunk.bytes();
                    takerWaits = false;
                });
    }

    private void end(@Nullable Throwable cause) {
        change(
                () -> {
                    failure = cause;
                    ended = true;
                });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for records.
    ///
    /// @param bytes of values that the taker holds of earlier calls
    /// @return null at the end
    /// @throws dev.ringtail.consumer.CommandException if Kafka fails; any fault of the reading
    ///   thread, an [Error] too, is thrown here
    @Nullable Chunk take(long bytes) {
        lock.lock();
        try {
            heldBytes = bytes;
            takerWaits = chunks.isEmpty();
            changed.signalAll();
            while (chunks.isEmpty() && !ended) {
                changed.awaitUninterruptibly();
            }
            switch (failure) {
                case null -> {}
                case Error error -> throw error;
                case RuntimeException fault -> throw fault;
                default -> throw new IllegalStateException(failure);
            }
            Chunk chunk = chunks.poll();
            if (chunk != null) {
                queuedBytes -= chunk.bytes();
            }
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the reading; the reader may be used again then.
    @Override
    public void close() {
        change(() -> closed = true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
