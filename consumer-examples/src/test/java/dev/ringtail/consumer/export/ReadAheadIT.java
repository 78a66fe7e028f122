package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.KafkaArguments;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.localkafka.LocalKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/// The reading thread on a real broker. The limit is for what would hang, uninterruptibly.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ReadAheadIT {
    private static final int BATCHES = 40;

    @TempDir private static Path brokerFolder;
    private static LocalKafka broker;
    private static KafkaOptions kafka;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = LocalKafka.start(brokerFolder, 0, Map.of());
        try (TestTopics topics = new TestTopics(broker, "ahead", 1, Map.of())) {
            for (int number = 1; number <= BATCHES; number++) {
                topics.send(
                        Batches.batch(
                                "s",
                                "t",
                                0,
                                0,
                                number,
                                List.of(new TestPacket(number, 1_000_000_000L + number, "x"))));
            }
        }
        kafka = KafkaArguments.of(broker, "ahead");
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void readsTheRangeAloneThoughNothingMayBeHeld() {
        try (TopicReader reader = open();
                ReadAhead ahead =
                        ReadAhead.start(
                                reader, List.of(new OffsetRange(0, 3, 30)), 0, () -> false)) {
            assertThat(offsets(ahead)).containsExactlyElementsOf(numbers(3, 30));
        }
    }

    @Test
    void aFaultOfTheReadingThreadComesToTheTakerWhateverItsKind() {
        for (Throwable fault :
                List.of(
                        new OutOfMemoryError("of a test"),
                        new IllegalStateException("of a test"))) {
            try (TopicReader reader = open();
                    ReadAhead ahead =
                            ReadAhead.start(reader, reader.everything(), 1 << 20, failing(fault))) {
                assertThatThrownBy(() -> offsets(ahead)).isSameAs(fault);
            }
        }
    }

    private static BooleanSupplier failing(Throwable fault) {
        return () -> {
            if (fault instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) fault;
        };
    }

    @Test
    void endsEarlyWhenItIsToStop() {
        try (TopicReader reader = open();
                ReadAhead ahead =
                        ReadAhead.start(reader, reader.everything(), 1 << 20, () -> true)) {
            assertThat(ahead.take(0)).isNull();
        }
    }

    @Test
    void leavesTheReaderToOthersWhenItIsClosedThoughMuchIsUnread() {
        try (TopicReader reader = open()) {
            try (ReadAhead ahead = ReadAhead.start(reader, reader.everything(), 0, () -> false)) {
                assertThat(ahead.take(Long.MAX_VALUE / 2)).isNotNull();
            }
            List<Long> offsets = new ArrayList<>();
            reader.read(reader.everything(), record -> offsets.add(record.offset()), () -> false);

            assertThat(offsets).containsExactlyElementsOf(numbers(0, BATCHES));
        }
    }

    private static TopicReader open() {
        return TopicReader.open(kafka, kafka.topics().packets());
    }

    private static List<Long> numbers(long first, long end) {
        return LongStream.range(first, end).boxed().toList();
    }

    private static List<Long> offsets(ReadAhead ahead) {
        List<Long> offsets = new ArrayList<>();
        for (ReadAhead.Chunk chunk = ahead.take(0); chunk != null; chunk = ahead.take(0)) {
            chunk.records().forEach(record -> offsets.add(record.offset()));
        }
        return offsets;
    }
}
