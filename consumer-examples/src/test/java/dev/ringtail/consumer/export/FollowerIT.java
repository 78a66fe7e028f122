package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.TroubleLines;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.KafkaArguments;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.file.PcapngWriter;
import dev.ringtail.schema.SchemaLookup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class FollowerIT {
    private static final int STASH_BYTES = 1_000;

    @TempDir private Path folder;

    /// The time before which packets are wanted is long past when the following begins, as it is
    /// where what was in the topic before has taken long: what came meanwhile is written all the
    /// same, and it is more than one window takes.
    @Test
    void writesWhatCameBeforeTheEndWasReached() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder, 0, Map.of());
                TestTopics topics = new TestTopics(kafka, "f", 2, Map.of())) {
            for (int number = 1; number <= 20; number++) {
                topics.send(
                        Batches.batch(
                                "s",
                                "t",
                                number % 2,
                                number % 2,
                                (number + 1) / 2,
                                List.of(
                                        new TestPacket(
                                                (number + 1) / 2, number, "x".repeat(200)))));
            }

            assertThat(follow(kafka)).isEqualTo(20);
        }
    }

    /// @return packets written
    private static long follow(LocalKafka kafka) throws Exception {
        KafkaOptions options = KafkaArguments.of(kafka, "f");
        ExportQuery query = new ExportQuery(Long.MIN_VALUE, 1_000, null, null, "", Long.MAX_VALUE);
        PrintWriter nobody = new PrintWriter(Writer.nullWriter());
        UnreadableBatches unreadable = new UnreadableBatches("f.packets", nobody);
        CaptureSink sink =
                new CaptureSink(
                        new PcapngWriter(new ByteArrayOutputStream(), "", "", ""),
                        query,
                        new SessionLedgers(List::of, true),
                        null);
        try (TopicReader reader = TopicReader.open(options, "f.packets");
                PacketFilters filters = new PacketFilters("", text -> {})) {
            MergedExport export =
                    new MergedExport(query, filters, sink, new Progress(nobody), () -> false);
            List<OffsetRange> nothing =
                    reader.everything().stream().map(range -> range.before(0)).toList();
            new Follower(
                            reader,
                            query,
                            SchemaLookup.NONE,
                            STASH_BYTES,
                            unreadable,
                            new TroubleLines("the export", nobody, System::nanoTime),
                            () -> false)
                    .follow(nothing, new StreamNumbers(), export, sink::flush);
        }
        return sink.packetCount();
    }
}
