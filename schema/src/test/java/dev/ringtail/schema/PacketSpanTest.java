package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Oracle: the reader of the whole batch.
class PacketSpanTest {
    private record Seen(
            long number,
            long laneNumber,
            long timestampNs,
            long originalLength,
            int packetType,
            int flags,
            List<Byte> data) {}

    @ParameterizedTest
    @CsvSource({
        "1, 1000000, 1000000",
        "2, 1000000, 8192",
        "3, 1000000, 200",
        "4, 1000000, 1",
        "5, 100, 8192",
        "6, 1000, 500",
        "7, 64, 1"
    })
    void spansHoldThePacketsOfTheBatch(long seed, int blockBytes, int maxBytes) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            byte[] value = RandomBatches.encodeInBlocks(RandomBatches.next(random), blockBytes);
            PacketBatchReader reader = new PacketBatchReader();
            reader.wrap(value);
            List<Seen> all = new ArrayList<>();
            while (reader.next()) {
                all.add(seen(reader));
            }
            int first = all.isEmpty() ? 0 : random.nextInt(all.size());

            List<PacketSpan> spans = PacketSpan.allFrom(reader, first, maxBytes);

            List<Seen> resumed = new ArrayList<>();
            for (PacketSpan span : spans) {
                assertThat(span.packetCount() == 1 || span.length() <= maxBytes)
                        .as("seed %d: %s", seed, span)
                        .isTrue();
                byte[] bytes =
                        Arrays.copyOfRange(value, span.offset(), span.offset() + span.length());
                // What was there before may follow.
                reader.resume(span, Arrays.copyOf(bytes, bytes.length + random.nextInt(20)));
                while (reader.next()) {
                    resumed.add(seen(reader));
                }
            }
            assertThat(resumed).as("seed %d", seed).isEqualTo(all.subList(first, all.size()));
        }
    }

    private static Seen seen(PacketBatchReader reader) {
        List<Byte> data = new ArrayList<>();
        for (int i = 0; i < reader.dataLength(); i++) {
            data.add(reader.array()[reader.dataOffset() + i]);
        }
        return new Seen(
                reader.packetNumber(),
                reader.laneNumber(),
                reader.timestampNs(),
                reader.originalLength(),
                reader.packetType(),
                reader.flags(),
                data);
    }
}
