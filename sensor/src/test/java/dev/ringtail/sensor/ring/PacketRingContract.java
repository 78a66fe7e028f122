package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.linux.RingStatistics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What every ring does, the kernel's and the one in memory.
abstract class PacketRingContract {
    static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 4, 20);

    /// Where [#frame] puts the number: beyond the headers of any frame that a test makes of it.
    static final int NUMBER_OFFSET = 50;

    abstract PacketRing ring();

    /// Has the frames arrive at the ring.
    abstract void receive(List<byte[]> frames) throws Exception;

    @Test
    void deliversEveryFrameOnceAndInOrder() throws Exception {
        long seed = new Random().nextLong();
        List<byte[]> frames = frames(300, new Random(seed));

        receive(frames);

        List<byte[]> read = read(frames.size());
        assertThat(read).as("seed %d", seed).usingElementComparator(ARRAYS).isEqualTo(frames);
    }

    @Test
    void countsWhatItDeliversAndNothingElse() throws Exception {
        receive(frames(50, new Random(3)));
        read(50);

        RingStatistics statistics = ring().takeStatistics();
        assertThat(statistics.packets()).isEqualTo(50);
        assertThat(statistics.drops()).isZero();
        assertThat(ring().takeStatistics().packets()).isZero();
    }

    @Test
    void countsAsDroppedWhatFindsNoRoom() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            frames.add(frame(1400, i));
        }

        receive(frames);

        int delivered = drain().size();
        RingStatistics statistics = ring().takeStatistics();
        // Four blocks hold 352 such frames; the kernel's timer may close one before it is full.
        assertThat(delivered).isBetween(4, 352);
        assertThat(statistics.packets()).isEqualTo(1000);
        assertThat(statistics.drops()).isEqualTo(1000 - delivered);
    }

    @Test
    @Timeout(20)
    void wakesAWaitingReader() throws Exception {
        Thread waker = Thread.ofPlatform().start(() -> ring().wake());
        assertThat(ring().await(15_000)).isZero();
        waker.join();
    }

    static byte[] frame(int length, int number) {
        byte[] frame = new byte[length];
        frame[0] = 2;
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        frame[NUMBER_OFFSET] = (byte) (number >>> 8);
        frame[NUMBER_OFFSET + 1] = (byte) number;
        return frame;
    }

    private static List<byte[]> frames(int count, Random random) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(60 + random.nextInt(1400), i));
        }
        return frames;
    }

    private List<byte[]> read(int count) {
        return RingFrame.read(ring(), count).stream().map(RingFrame::data).toList();
    }

    private List<RingFrame> drain() {
        return RingFrame.drain(ring());
    }

    private static final java.util.Comparator<byte[]> ARRAYS = java.util.Arrays::compare;
}
