package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.KafkaArguments;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SingleObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Batches of one partition, of more bytes than the stash has room for: that of some of them.
class TopicBatchFetcherIT {
    /// More than one poll brings, fewer than a fetcher passes over by a seek.
    private static final int BATCHES = 100;

    @TempDir private static Path brokerFolder;
    private static LocalKafka broker;
    @TempDir private Path folder;

    private final BatchIndex index = new BatchIndex();
    private final Stash stash = new Stash(1_000, index);
    private final List<PacketBatch> batches = new ArrayList<>();
    private final Set<Integer> loaded = new HashSet<>();

    @BeforeAll
    static void startBroker() {
        broker = LocalKafka.start(brokerFolder, 0, Map.of());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void readsBatchesOfOneTimeOnce() throws Exception {
        addBatchesOfOneTime();
        try (TopicReader reader = fill("together");
                KeptBatches kept = new KeptBatches(folder, Long.MAX_VALUE)) {
            BatchFetcher fetcher = fetcher(reader, kept);

            assertThat(fetcher.fetch(BATCHES - 1)).isEqualTo(value(BATCHES - 1));
            assertThat(keptCount(kept)).isBetween(BATCHES / 2L, BATCHES - 2L);
            for (int batch = 0; batch < BATCHES - 1; batch++) {
                assertThat(fetcher.fetch(batch)).isEqualTo(value(batch));
                assertThat(reader.position(reader.partition(0))).isEqualTo(BATCHES);
            }
            assertThat(keptCount(kept)).isZero();
        }
    }

    @Test
    void fetchesAnewWhatBeginsLater() throws Exception {
        for (int lane = 0; lane < BATCHES; lane++) {
            long timestampNs = 2_000_000_000L - lane;
            add(lane, List.of(new TestPacket(1, timestampNs, "x")));
        }
        try (TopicReader reader = fill("later");
                KeptBatches kept = new KeptBatches(folder, Long.MAX_VALUE)) {
            BatchFetcher fetcher = fetcher(reader, kept);

            for (int batch = BATCHES - 1; batch >= 0; batch--) {
                assertThat(fetcher.fetch(batch)).isEqualTo(value(batch));
                loaded.add(batch);
                assertThat(keptCount(kept)).isZero();
            }
        }
    }

    @Test
    void fetchesAnewWhatIsNotKept() throws Exception {
        addBatchesOfOneTime();
        try (TopicReader reader = fill("full");
                KeptBatches kept = new KeptBatches(folder, 0)) {
            BatchFetcher fetcher = fetcher(reader, kept);

            for (int batch = BATCHES - 1; batch >= 0; batch--) {
                assertThat(fetcher.fetch(batch)).isEqualTo(value(batch));
                loaded.add(batch);
            }
            assertThat(keptCount(kept)).isZero();
        }
    }

    private static long keptCount(KeptBatches kept) {
        return IntStream.range(0, BATCHES).filter(kept::has).count();
    }

    /// Each begins a little later than the one before, and all end together.
    private void addBatchesOfOneTime() {
        for (int lane = 0; lane < BATCHES; lane++) {
            long beginNs = 1_000_000_000L + lane;
            add(
                    lane,
                    List.of(
                            new TestPacket(1, beginNs, "x"),
                            new TestPacket(2, 2_000_000_000L, "y")));
        }
    }

    private void add(int lane, List<TestPacket> packets) {
        PacketBatch batch = Batches.batch("s", "t", lane, 0, 1, packets);
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(SingleObject.encode(batch));
        index.addWanted(
                BatchHead.of(reader),
                0,
                batches.size(),
                reader.firstLaneNumber(),
                reader.baseTimestampNs());
        batches.add(batch);
    }

    private TopicReader fill(String prefix) throws Exception {
        try (TestTopics topics = new TestTopics(broker, prefix, 1, Map.of())) {
            for (PacketBatch batch : batches) {
                topics.send(batch);
            }
        }
        KafkaOptions options = KafkaArguments.of(broker, prefix);
        return TopicReader.open(options, options.topics().packets());
    }

    private BatchFetcher fetcher(TopicReader reader, KeptBatches kept) {
        return new TopicBatchFetcher(reader, index, stash, kept, loaded);
    }

    private ByteBuffer value(int batch) {
        return ByteBuffer.wrap(SingleObject.encode(batches.get(batch)));
    }
}
