package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SingleObject;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;

class StashTest {
    private final BatchIndex index = new BatchIndex();
    private final Stash stash = new Stash(100, index);

    @Test
    void hasRoomWhereThereIsSome() {
        stash.offer(batch(1), ByteBuffer.allocate(60));

        assertThat(stash.hasRoomFor(ByteBuffer.allocate(40), 5)).isTrue();
        assertThat(stash.hasRoomFor(ByteBuffer.allocate(41), 5)).isFalse();
    }

    @Test
    void hasTheRoomOfThoseThatBeginLater() {
        stash.offer(batch(1), ByteBuffer.allocate(40));
        stash.offer(batch(6), ByteBuffer.allocate(20));
        stash.offer(batch(7), ByteBuffer.allocate(30));

        assertThat(stash.hasRoomFor(ByteBuffer.allocate(60), 5)).isTrue();
        assertThat(stash.hasRoomFor(ByteBuffer.allocate(61), 5)).isFalse();
        assertThat(stash.hasRoomFor(ByteBuffer.allocate(40), 6)).isTrue();
        assertThat(stash.hasRoomFor(ByteBuffer.allocate(41), 6)).isFalse();
        assertThat(stash.hasRoomFor(ByteBuffer.allocate(10), 7)).isTrue();
        assertThat(stash.hasRoomFor(ByteBuffer.allocate(11), 7)).isFalse();
    }

    /// What it has room for stays when it is offered, and so does what begins before the time.
    @Test
    void givesUpThoseThatBeginLast() {
        int early = batch(1);
        int late = batch(6);
        int later = batch(7);
        int offered = batch(2);
        stash.offer(early, ByteBuffer.allocate(40));
        stash.offer(late, ByteBuffer.allocate(20));
        stash.offer(later, ByteBuffer.allocate(30));

        stash.offer(offered, ByteBuffer.allocate(40));

        assertThat(stash.get(early)).isNotNull();
        assertThat(stash.get(offered)).isNotNull();
        assertThat(stash.get(late)).isNotNull();
        assertThat(stash.get(later)).isNull();
    }

    private int batch(long beginNs) {
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(
                SingleObject.encode(
                        Batches.batch(
                                "s", "t", 0, 0, 1, List.of(new TestPacket(1, beginNs, "x")))));
        return index.addWanted(BatchHead.of(reader), 0, beginNs, reader.firstLaneNumber(), beginNs);
    }
}
