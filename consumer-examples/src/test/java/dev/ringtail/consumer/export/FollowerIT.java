package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class FollowerIT {
    private static final int STASH_BYTES = 1_000;
    private static final long PACKETS = 20;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir private Path folder;

    /// The time before which packets are wanted is long past when the following begins, as it is
    /// where what was in the topic before has taken long: what came meanwhile is written all the
    /// same, and it is more than one window takes.
    @Test
    void writesWhatCameBeforeTheEndWasReached() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder, 0, Map.of())) {
            send(kafka);

            try (Following following = new Following(kafka)) {
                assertThat(following.follow()).isEqualTo(PACKETS);
            }
        }
    }

    @Test
    void anOutageIsWaitedOutAtTheEndToo() throws Exception {
        LocalKafka kafka = LocalKafka.start(folder, 0, Map.of());
        try {
            int port = kafka.port();
            send(kafka);
            try (Following following = new Following(kafka);
                    ExecutorService thread = Executors.newSingleThreadExecutor()) {
                kafka.close();
                Future<Long> packets = thread.submit(following::follow);
                await().atMost(LIMIT).until(following::isTroubled);
                kafka = LocalKafka.start(folder, port, Map.of());

                assertThat(packets).succeedsWithin(LIMIT).isEqualTo(PACKETS);
            }
        } finally {
            kafka.close();
        }
    }

    private static void send(LocalKafka kafka) throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "f", 2, Map.of())) {
            for (int number = 1; number <= PACKETS; number++) {
                int ofItsLane = (number + 1) / 2;
                topics.send(
                        Batches.batch(
                                "s",
                                "t",
                                number % 2,
                                number % 2,
                                ofItsLane,
                                List.of(new TestPacket(ofItsLane, number, "x".repeat(200)))));
            }
        }
    }

    /// A follower of the topic from its start on, which wants what was captured before a time that
    /// is past.
    private static final class Following implements AutoCloseable {
        /// So much faster passes the time that the user is not told yet of an outage.
        private static final long HASTE = 20;

        private final ExportQuery query =
                new ExportQuery(Long.MIN_VALUE, 1_000, null, null, "", Long.MAX_VALUE);
        private final StringWriter text = new StringWriter();
        private final PrintWriter err = new PrintWriter(text);
        private final TopicReader reader;
        private final List<OffsetRange> nothing;

        Following(LocalKafka kafka) {
            this.reader = TopicReader.open(KafkaArguments.of(kafka, "f"), "f.packets");
            this.nothing = reader.everything().stream().map(range -> range.before(0)).toList();
        }

        boolean isTroubled() {
            return text.toString().contains("does not answer");
        }

        /// @return packets written
        long follow() throws IOException {
            CaptureSink sink =
                    new CaptureSink(
                            new PcapngWriter(new ByteArrayOutputStream(), "", "", ""),
                            query,
                            new SessionLedgers(List::of, true),
                            null);
            try (PacketFilters filters = new PacketFilters("", err::println)) {
                MergedExport export =
                        new MergedExport(query, filters, sink, new Progress(err), () -> false);
                new Follower(
                                reader,
                                query,
                                SchemaLookup.NONE,
                                STASH_BYTES,
                                new UnreadableBatches("f.packets", err),
                                new TroubleLines(
                                        "the export", err, () -> HASTE * System.nanoTime()),
                                () -> false)
                        .follow(nothing, new StreamNumbers(), export, sink::flush);
            }
            return sink.packetCount();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
