package dev.ringtail.consumer;

import dev.ringtail.cli.KafkaFaults;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Reads one topic by offsets, without a consumer group.
///
/// No call waits for ever: a broker that does not answer ends in a [CommandException] that names
/// it. One thread at a time.
public final class TopicReader implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(8);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final String topic;
    private final String bootstrapServer;
    private final int partitionCount;
    private long lastProgressNs;

    /// Where the last poll without records ended.
    private Map<TopicPartition, Long> lastPositions = Map.of();

    private TopicReader(
            KafkaConsumer<byte[], ByteBuffer> consumer,
            String topic,
            String bootstrapServer,
            int partitionCount) {
        this.consumer = consumer;
        this.topic = topic;
        this.bootstrapServer = bootstrapServer;
        this.partitionCount = partitionCount;
    }

    /// Connects to Kafka and looks the topic up.
    ///
    /// @throws CommandException if no broker answers within seconds, or there is no such topic
    public static TopicReader open(KafkaOptions kafka, String topic) {
        TopicReader reader = find(kafka, topic);
        if (reader == null) {
            throw new CommandException(
                    "there is no topic "
                            + topic
                            + " at "
                            + kafka.bootstrapServer()
                            + "; check --topic-prefix, or start a sensor first");
        }
        return reader;
    }

    /// Connects to Kafka and waits until the topic is there.
    ///
    /// @param waiting told once that there is something to wait for
    /// @param stop asked now and then; true ends the waiting
    /// @return null if the waiting was ended
    /// @throws CommandException if no broker answers within seconds
    public static @Nullable TopicReader await(
            KafkaOptions kafka, String topic, Consumer<String> waiting, BooleanSupplier stop) {
        TopicReader reader = find(kafka, topic);
        if (reader == null) {
            waiting.accept("waiting for topic %s at %s".formatted(topic, kafka.bootstrapServer()));
        }
        while (reader == null && !stop.getAsBoolean()) {
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
            reader = find(kafka, topic);
        }
        return reader;
    }

    /// @return null if there is no such topic
    private static @Nullable TopicReader find(KafkaOptions kafka, String topic) {
        KafkaConsumer<byte[], ByteBuffer> consumer = connect(kafka);
        try {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, ANSWER_TIMEOUT);
            if (partitions == null || partitions.isEmpty()) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
                return null;
            }
            return new TopicReader(consumer, topic, kafka.bootstrapServer(), partitions.size());
        } catch (RuntimeException e) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw explained(e, topic, kafka.bootstrapServer());
        }
    }

    private static KafkaConsumer<byte[], ByteBuffer> connect(KafkaOptions kafka) {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        // Offsets that have expired since they were looked up are passed over.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // Records are large; these bound what one poll brings into memory.
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "16");
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "16777216");
        // The kernel's own sizing: Kafka's default of 64 KiB makes the broker wait for the reader.
        properties.putIfAbsent(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "-1");
        // A seek has to wait for a fetch that waits at the end of a partition.
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50");
        // KIP-714: the client would name each of its metrics for a broker that seldom asks.
        properties.putIfAbsent(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        try {
            return new KafkaConsumer<>(
                    properties, new ByteArrayDeserializer(), new ValueDeserializer());
        } catch (KafkaException e) {
            throw new CommandException(
                    "cannot connect to Kafka at "
                            + kafka.bootstrapServer()
                            + ": "
                            + KafkaFaults.describe(e),
                    e);
        }
    }

    /// A fault in words for the user where its own are not enough.
    private static RuntimeException explained(
            RuntimeException fault, String topic, String bootstrapServer) {
        return switch (fault) {
            case TimeoutException timeout ->
                    CommandException.noAnswer(bootstrapServer, ANSWER_TIMEOUT, timeout);
            case AuthenticationException refused -> refused(refused, topic, bootstrapServer);
            case AuthorizationException refused -> refused(refused, topic, bootstrapServer);
            default -> fault;
        };
    }

    private static CommandException refused(
            RuntimeException fault, String topic, String bootstrapServer) {
        return new CommandException(
                "reading topic %s at %s failed: %s"
                        .formatted(
                                topic,
                                bootstrapServer,
                                KafkaFaults.describe(fault, "READ on topic " + topic)),
                fault);
    }

    /// Name of the topic.
    public String topic() {
        return topic;
    }

    /// Count of the topic's partitions.
    public int partitionCount() {
        return partitionCount;
    }

    /// What each partition holds at this moment: one range a partition, empty ones too.
    public List<OffsetRange> everything() {
        Map<TopicPartition, Long> first =
                answer(() -> consumer.beginningOffsets(partitions(), ANSWER_TIMEOUT));
        Map<TopicPartition, Long> end =
                answer(() -> consumer.endOffsets(partitions(), ANSWER_TIMEOUT));
        return partitions().stream()
                .map(p -> new OffsetRange(p.partition(), offset(first, p), offset(end, p)))
                .toList();
    }

    /// For each partition the first offset with a timestamp of at least `timestampMs`; none where
    /// every record is older.
    public Map<Integer, OptionalLong> offsetsForTime(long timestampMs) {
        Map<TopicPartition, Long> query =
                partitions().stream().collect(Collectors.toMap(p -> p, p -> timestampMs));
        Map<TopicPartition, OffsetAndTimestamp> found =
                answer(() -> consumer.offsetsForTimes(query, ANSWER_TIMEOUT));
        Map<Integer, OptionalLong> offsets = new HashMap<>();
        for (TopicPartition partition : partitions()) {
            OffsetAndTimestamp first = found.get(partition);
            offsets.put(
                    partition.partition(),
                    first == null ? OptionalLong.empty() : OptionalLong.of(first.offset()));
        }
        return offsets;
    }

    /// Reads ranges of offsets, those of several partitions interleaved, each partition's in the
    /// order given.
    ///
    /// @param handler called with each record
    /// @param stop asked between polls; true ends the reading early
    /// @throws CommandException if no data come for half a minute
    public void read(
            List<OffsetRange> ranges,
            Consumer<ConsumerRecord<byte[], ByteBuffer>> handler,
            BooleanSupplier stop) {
        List<OffsetRange> left = new ArrayList<>(ranges);
        left.removeIf(OffsetRange::isEmpty);
        while (!left.isEmpty() && !stop.getAsBoolean()) {
            Map<TopicPartition, Long> ends = new HashMap<>();
            Map<TopicPartition, Long> starts = new HashMap<>();
            for (OffsetRange range : List.copyOf(left)) {
                TopicPartition partition = partition(range.partition());
                if (ends.putIfAbsent(partition, range.end()) == null) {
                    starts.put(partition, range.first());
                    left.remove(range);
                }
            }
            readTogether(starts, ends, handler, stop);
        }
    }

    private void readTogether(
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], ByteBuffer>> handler,
            BooleanSupplier stop) {
        assign(starts);
        Set<TopicPartition> open = new HashSet<>(starts.keySet());
        while (!open.isEmpty() && !stop.getAsBoolean()) {
            for (ConsumerRecord<byte[], ByteBuffer> record : poll(true)) {
                if (record.offset() < endOf(ends, record)) {
                    handler.accept(record);
                }
            }
            // Transaction markers end a range too, so the position counts and not the records.
            List<TopicPartition> done =
                    open.stream().filter(p -> position(p) >= offset(ends, p)).toList();
            consumer.pause(done);
            done.forEach(open::remove);
        }
    }

    private static long endOf(
            Map<TopicPartition, Long> ends, ConsumerRecord<byte[], ByteBuffer> record) {
        return offset(ends, new TopicPartition(record.topic(), record.partition()));
    }

    /// Takes up partitions at the offsets given, and drops all others.
    public void assign(Map<TopicPartition, Long> starts) {
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        // A partition that was held back and stays assigned would stay so.
        consumer.resume(starts.keySet());
        lastProgressNs = System.nanoTime();
    }

    /// Waits a moment for records of the assigned partitions.
    ///
    /// @param expected whether records are known to be there, so that a long silence is a fault
    /// @throws CommandException if that silence lasts for half a minute
    public ConsumerRecords<byte[], ByteBuffer> poll(boolean expected) {
        ConsumerRecords<byte[], ByteBuffer> records = answer(() -> consumer.poll(POLL_TIMEOUT));
        long nowNs = System.nanoTime();
        if (!expected || !records.isEmpty() || hasMoved()) {
            lastProgressNs = nowNs;
        } else if (nowNs - lastProgressNs > STALL_TIMEOUT.toNanos()) {
            String silence =
                    "Kafka at %s sent nothing of topic %s for %d s; check that all brokers run"
                            .formatted(bootstrapServer, topic, STALL_TIMEOUT.toSeconds());
            throw new CommandException(silence, new TimeoutException(silence));
        }
        return records;
    }

    /// Whether a poll without records has passed over anything (transaction markers).
    private boolean hasMoved() {
        Map<TopicPartition, Long> positions =
                consumer.assignment().stream().collect(Collectors.toMap(p -> p, this::position));
        boolean moved = !positions.equals(lastPositions);
        lastPositions = positions;
        return moved;
    }

    /// Offset of the next record that [#poll] will bring of an assigned partition.
    public long position(TopicPartition partition) {
        return answer(() -> consumer.position(partition, ANSWER_TIMEOUT));
    }

    /// Whether Kafka answers, for where no records may mean that there are none.
    public boolean answers() {
        try {
            consumer.endOffsets(partitions(), LOOK_TIMEOUT);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (KafkaException e) {
            throw explained(e, topic, bootstrapServer);
        }
    }

    /// Where the cluster is, as the user has named it.
    public String bootstrapServer() {
        return bootstrapServer;
    }

    /// Makes [#poll] go on from another offset.
    public void seek(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
    }

    /// Holds all assigned partitions back but some.
    public void readOnly(Set<TopicPartition> partitions) {
        Set<TopicPartition> held = new HashSet<>(consumer.assignment());
        held.removeAll(partitions);
        consumer.pause(held);
        consumer.resume(partitions);
    }

    /// The topic's partition of a number.
    public TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    private Collection<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < partitionCount; i++) {
            all.add(partition(i));
        }
        return all;
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new CommandException("Kafka told no offset of partition " + partition);
        }
        return offset;
    }

    private <T> T answer(Supplier<T> call) {
        try {
            return call.get();
        } catch (KafkaException e) {
            throw explained(e, topic, bootstrapServer);
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
}
