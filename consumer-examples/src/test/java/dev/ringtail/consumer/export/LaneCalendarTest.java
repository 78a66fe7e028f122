package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SingleObject;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;

/// Oracle: a list, sorted.
class LaneCalendarTest {
    private record Place(long laneNumber, int batch) {}

    private final BatchIndex index = new BatchIndex();
    private final List<ByteBuffer> values = new ArrayList<>();

    /// @param bits of the steps from one lane number to the next
    @ParameterizedTest
    @CsvSource({
        "1, 1, 4",
        "2, 2, 1",
        "3, 7, 2",
        "4, 16, 5",
        "5, 33, 20",
        "6, 16, 40",
        "7, 40, 57",
        "8, 200, 56",
        "9, 64, 3"
    })
    void givesCursorsByLaneNumberAndThenByBatch(long seed, int batches, int bits) {
        Random random = new Random(seed);
        List<Place> expected = new ArrayList<>();
        for (int batch = 0; batch < batches; batch++) {
            long laneNumber = 1;
            List<TestPacket> packets = new ArrayList<>();
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                laneNumber += random.nextLong(1, 1L << bits);
                packets.add(new TestPacket(laneNumber, 1_000, ""));
                expected.add(new Place(laneNumber, batch));
            }
            add(packets);
        }
        expected.sort(Comparator.comparingLong(Place::laneNumber).thenComparing(Place::batch));
        LaneCalendar calendar = new LaneCalendar();
        List<BatchCursor> cursors = new ArrayList<>();
        Stash stash = new Stash(Long.MAX_VALUE, index);
        BatchLoader loader =
                new BatchLoader(
                        index,
                        stash,
                        values::get,
                        cursor -> {},
                        SchemaLookup.NONE,
                        new UnreadableBatches("topic", new PrintWriter(new StringWriter())),
                        batch -> {});
        for (int batch = 0; batch < batches; batch++) {
            BatchCursor cursor = Objects.requireNonNull(loader.load(batch));
            assertThat(cursor.next()).isTrue();
            cursors.add(random.nextInt(cursors.size() + 1), cursor);
        }
        // Some are there from the start, in any order; the others come when it is their turn.
        int early = 1 + random.nextInt(batches);
        cursors.subList(0, early).forEach(calendar::put);
        PriorityQueue<BatchCursor> late =
                new PriorityQueue<>(Comparator.comparingLong(BatchCursor::laneNumber));
        late.addAll(cursors.subList(early, batches));

        List<Place> given = new ArrayList<>();
        while (!calendar.isEmpty() || !late.isEmpty()) {
            while (!late.isEmpty()
                    && (calendar.isEmpty()
                            || late.element().laneNumber() <= calendar.top().laneNumber())) {
                calendar.put(late.remove());
            }
            BatchCursor top = calendar.top();
            given.add(new Place(top.laneNumber(), top.batch()));
            if (top.next()) {
                calendar.topMoved();
            } else {
                calendar.removeTop();
            }
        }

        assertThat(given).as("seed %d", seed).isEqualTo(expected);
    }

    private void add(List<TestPacket> packets) {
        byte[] value = SingleObject.encode(Batches.batch("s", "t", 0, 0, 1, packets));
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(value);
        values.add(ByteBuffer.wrap(value));
        index.addWanted(
                BatchHead.of(reader),
                0,
                values.size(),
                reader.firstLaneNumber(),
                reader.baseTimestampNs());
    }
}
