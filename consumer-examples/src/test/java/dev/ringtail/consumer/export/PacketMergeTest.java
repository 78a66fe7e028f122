package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SingleObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/// Oracle: a naive merge of whole lanes, held in lists.
class PacketMergeTest {
    private static final int PARTITIONS = 4;

    /// More than a lane's clock ever runs backwards here.
    private static final long CLOCK_BACK_NS = 100;

    private final List<PacketBatch> batches = new ArrayList<>();
    private final Map<String, List<TestPacket>> lanes = new TreeMap<>();
    private final StringWriter err = new StringWriter();
    private final List<Integer> fetched = new ArrayList<>();
    private long maxStashBytes;
    private int maxSpilled;
    private long largestValueBytes;
    private int takenEarly;

    @TempDir private Path folder;
    private SpillFile spillFile;

    @BeforeEach
    void makeSpillFile() {
        spillFile = new SpillFile(folder, 0);
    }

    @AfterEach
    void closeSpillFile() {
        spillFile.close();
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000000", "2, 1000000000", "3, 20000", "4, 20000", "5, 1", "6, 1"})
    void writesEachPacketOnceInOrder(long seed, long stashBytes) { // R15
        Random random = new Random(seed);
        for (int sensor = 0; sensor < 2; sensor++) {
            for (int lane = 0; lane < 3; lane++) {
                addLane(random, "sensor" + sensor, lane, 300);
            }
        }
        int distinct = batches.size();
        for (int i = 0; i < distinct / 4; i++) {
            batches.add(batches.get(random.nextInt(distinct)));
        }
        Collections.shuffle(batches, random);

        List<String> merged = merge(stashBytes);

        assertThat(merged).as("seed %d", seed).isEqualTo(naiveMerge());
        assertThat(maxStashBytes).isLessThanOrEqualTo(Math.max(stashBytes, largestValueBytes));
        assertThat(fetched).as("seed %d", seed).hasSize(batches.size()).doesNotHaveDuplicates();
        assertThat(maxSpilled > 0).as("seed %d", seed).isEqualTo(stashBytes < 1_000_000);
    }

    /// However batches come: what is written before the last of them is there is right, or is known
    /// not to be. Half of the merges wait longer than batches are late, and must not give up.
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void mergesBatchesAsTheyComeOrSaysThatTheyComeTooLate(long seed) {
        Random random = new Random(seed);
        int laneCount = 1 + random.nextInt(3);
        for (int lane = 0; lane < laneCount; lane++) {
            addLane(random, "sensor", lane, 2000);
        }
        long disorderNs = random.nextInt(4) * 50L;
        Map<PacketBatch, Long> places = new IdentityHashMap<>();
        for (PacketBatch batch : batches) {
            places.put(
                    batch, batch.getMaxTimestampNs() + (long) (random.nextDouble() * disorderNs));
        }
        batches.sort(Comparator.comparing(places::get));
        boolean patient = seed % 2 == 0;
        long behindNs = patient ? longestNs() + disorderNs + CLOCK_BACK_NS : 50;

        try {
            assertThat(mergeAsTheyCome(behindNs)).as("seed %d", seed).isEqualTo(naiveMerge());
            assertThat(takenEarly).as("seed %d", seed).isGreaterThan(1000);
        } catch (OutOfOrderException e) {
            assertThat(patient).as("seed %d: %s", seed, e).isFalse();
            assertThat(disorderNs + laneCount).as("seed %d: %s", seed, e).isGreaterThan(1);
        }
    }

    /// Most time that a batch covers: its first packet is so much older than what makes it come.
    private long longestNs() {
        return batches.stream()
                .mapToLong(batch -> batch.getMaxTimestampNs() - batch.getMinTimestampNs())
                .max()
                .orElseThrow();
    }

    @Test
    void noticesABatchThatComesAfterLaterOnes() {
        addLane(new Random(9), "s", 0, 100);
        batches.sort(Comparator.comparingLong(PacketBatch::getFirstLaneNumber));
        batches.addLast(batches.removeFirst());

        assertThatThrownBy(() -> mergeAsTheyCome(0)).isInstanceOf(OutOfOrderException.class);
    }

    @Test
    void noticesALaneThatComesAfterLaterPacketsOfAnother() {
        addLane(new Random(10), "a", 0, 100);
        batches.sort(Comparator.comparingLong(PacketBatch::getFirstLaneNumber));
        List<PacketBatch> ofOther = new ArrayList<>(batches);
        batches.clear();
        addLane(new Random(10), "b", 0, 100);
        batches.sort(Comparator.comparingLong(PacketBatch::getFirstLaneNumber));
        batches.addAll(ofOther);

        assertThatThrownBy(() -> mergeAsTheyCome(0)).isInstanceOf(OutOfOrderException.class);
    }

    /// More lanes than there is room for at first.
    @Test
    void mergesManyLanes() {
        Random random = new Random(21);
        for (int lane = 0; lane < 100; lane++) {
            addLane(random, "sensor%02d".formatted(lane), 0, 20);
        }
        Collections.shuffle(batches, random);

        assertThat(merge(Long.MAX_VALUE)).isEqualTo(naiveMerge());
    }

    /// Some begin with another, some while it goes on, some after it.
    @Test
    void mergesLanesThatBeginAtOtherTimes() {
        Random random = new Random(23);
        long beginNs = 1_000_000;
        for (int lane = 0; lane < 100; lane++) {
            addLane(random, "sensor%02d".formatted(lane), 0, 20, beginNs);
            beginNs += random.nextInt(3) * 100L;
        }
        Collections.shuffle(batches, random);

        assertThat(merge(Long.MAX_VALUE)).isEqualTo(naiveMerge());
    }

    @Test
    void takesNoBatchBetweenAPacketAndTheNext() {
        addLane(new Random(22), "s", 0, 100);
        BatchIndex index = new BatchIndex();
        List<ByteBuffer> values = new ArrayList<>();
        PacketMerge merge =
                PacketMerge.ofNone(
                        new MergeInput(index, Map.of(), Map.of()),
                        loader(index, new Stash(Long.MAX_VALUE, index), values::get));
        merge.add(add(index, values, batches.getFirst()));
        int next = add(index, values, batches.getLast());

        assertThat(merge.next()).isTrue();
        assertThatThrownBy(() -> merge.add(next)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesOutAnUnreadableBatchAndSaysSo() {
        addLane(new Random(8), "s", 0, 100);
        batches.get(1).getPackets().getFirst().setTimestampOffsetNs(-1_000);

        List<String> merged = merge(Long.MAX_VALUE);

        assertThat(merged).hasSize(100 - batches.get(1).getPackets().size());
        assertThat(err.toString()).contains("unreadable batch in topic").contains("bounds");
    }

    /// A lane whose packets go to random partitions, with a clock that may run backwards.
    private void addLane(Random random, String sensor, int lane, int packetCount) {
        addLane(random, sensor, lane, packetCount, 1_000_000 + random.nextInt(1000));
    }

    private void addLane(Random random, String sensor, int lane, int packetCount, long beginNs) {
        List<TestPacket> all = new ArrayList<>();
        Map<Integer, List<TestPacket>> open = new TreeMap<>();
        long[] nextNumbers = new long[PARTITIONS];
        Arrays.fill(nextNumbers, 1);
        long timestampNs = beginNs;
        for (int number = 1; number <= packetCount; number++) {
            timestampNs += random.nextInt(20) - 3;
            TestPacket packet =
                    new TestPacket(
                            number,
                            timestampNs,
                            sensor + "/" + lane + "/" + number + "x".repeat(length(random)));
            all.add(packet);
            int partition = random.nextInt(PARTITIONS);
            List<TestPacket> batch = open.computeIfAbsent(partition, p -> new ArrayList<>());
            batch.add(packet);
            if (random.nextInt(10) == 0 || number == packetCount) {
                close(sensor, lane, partition, nextNumbers, batch);
            }
        }
        open.forEach((partition, batch) -> close(sensor, lane, partition, nextNumbers, batch));
        lanes.put(sensor + "/" + lane, all);
    }

    /// Some packets are longer than a span of those that come back from a file.
    private static int length(Random random) {
        return random.nextInt(20) == 0 ? 600 + random.nextInt(2_400) : random.nextInt(300);
    }

    private void close(
            String sensor, int lane, int partition, long[] nextNumbers, List<TestPacket> packets) {
        if (!packets.isEmpty()) {
            batches.add(
                    Batches.batch(sensor, "t", lane, partition, nextNumbers[partition], packets));
            nextNumbers[partition] += packets.size();
            packets.clear();
        }
    }

    private List<String> naiveMerge() {
        List<String> merged = new ArrayList<>();
        Map<String, List<TestPacket>> left = new TreeMap<>();
        lanes.forEach((lane, packets) -> left.put(lane, new ArrayList<>(packets)));
        while (!left.isEmpty()) {
            String earliest = null;
            for (String lane : left.keySet()) {
                if (earliest == null || head(left, lane) < head(left, earliest)) {
                    earliest = lane;
                }
            }
            String lane = Objects.requireNonNull(earliest);
            List<TestPacket> packets = left.getOrDefault(lane, List.of());
            merged.add(packets.removeFirst().payload());
            if (packets.isEmpty()) {
                left.remove(lane);
            }
        }
        return merged;
    }

    private static long head(Map<String, List<TestPacket>> lanes, String lane) {
        return lanes.getOrDefault(lane, List.of()).getFirst().timestampNs();
    }

    /// Adds one batch after another, and takes what all partitions have passed by so much.
    private List<String> mergeAsTheyCome(long behindNs) {
        BatchIndex index = new BatchIndex();
        Stash stash = new Stash(Long.MAX_VALUE, index);
        List<ByteBuffer> values = new ArrayList<>();
        PacketMerge merge =
                PacketMerge.ofNone(
                        new MergeInput(index, Map.of(), Map.of()),
                        loader(index, stash, values::get));
        List<String> merged = new ArrayList<>();
        Map<Integer, Long> reachedNs = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            reachedNs.put(partition, Long.MIN_VALUE);
        }
        for (PacketBatch batch : batches) {
            merge.add(add(index, values, batch));
            reachedNs.merge(batch.getPartition(), batch.getMaxTimestampNs(), Math::max);
            long slowestNs = Collections.min(reachedNs.values());
            if (slowestNs != Long.MIN_VALUE) {
                takeTo(slowestNs - behindNs, merge, merged);
            }
        }
        takenEarly = merged.size();
        takeTo(Long.MAX_VALUE, merge, merged);
        return merged;
    }

    private int add(BatchIndex index, List<ByteBuffer> values, PacketBatch batch) {
        byte[] value = SingleObject.encode(batch);
        values.add(ByteBuffer.wrap(value));
        largestValueBytes = Math.max(largestValueBytes, value.length);
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(value);
        return index.addWanted(
                BatchHead.of(reader),
                batch.getPartition(),
                values.size(),
                reader.firstLaneNumber(),
                reader.baseTimestampNs());
    }

    private BatchLoader loader(BatchIndex index, Stash stash, BatchFetcher fetcher) {
        return new BatchLoader(
                index,
                stash,
                fetcher,
                cursor -> cursor.spill(spillFile),
                SchemaLookup.NONE,
                new UnreadableBatches("topic", new PrintWriter(err, true)),
                batch -> {});
    }

    private static void takeTo(long limitNs, PacketMerge merge, List<String> merged) {
        while (merge.next(limitNs)) {
            PacketBatchReader packet = merge.lane().packet().packet();
            merged.add(
                    new String(
                                    packet.array(),
                                    packet.dataOffset() + 14,
                                    packet.dataLength() - 14,
                                    StandardCharsets.UTF_8)
                            .trim());
        }
    }

    private List<String> merge(long stashBytes) {
        BatchIndex index = new BatchIndex();
        Stash stash = new Stash(stashBytes, index);
        List<ByteBuffer> values = new ArrayList<>();
        batches.forEach(batch -> add(index, values, batch));
        ExportQuery all =
                new ExportQuery(Long.MIN_VALUE, Long.MAX_VALUE, null, null, "", Long.MAX_VALUE);
        BatchFetcher fetcher =
                batch -> {
                    maxStashBytes = Math.max(maxStashBytes, stash.bytes());
                    maxSpilled = Math.max(maxSpilled, spillFile.usedPlaces());
                    fetched.add(batch);
                    return values.get(batch);
                };
        PacketMerge merge =
                PacketMerge.ofAll(
                        new StreamNumbers().advance(index, all), loader(index, stash, fetcher));
        List<String> merged = new ArrayList<>();
        takeTo(Long.MAX_VALUE, merge, merged);
        assertThat(stash.bytes()).isZero();
        assertThat(spillFile.usedPlaces()).isZero();
        return merged;
    }
}
