package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

class BlockRingTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 4, 10);

    private final MemorySegment memory = Arena.ofAuto().allocate(GEOMETRY.lengthBytes(), 4096);
    private final RingWriter writer = new RingWriter(memory, GEOMETRY);
    private final BlockRing ring = new BlockRing(memory, GEOMETRY);

    @Test
    void givesNoBlockThatTheKernelStillHolds() {
        writer.add(SyntheticFrame.of(new byte[60], 1));

        assertThat(ring.acquire()).isFalse();
        writer.closeBlock();
        assertThat(ring.acquire()).isTrue();
        assertThat(ring.packetCount()).isOne();
    }

    @Test
    void takesStatusWithFlagsAsTheReaders() {
        writer.add(SyntheticFrame.of(new byte[60], 1));
        writer.closeBlock();
        memory.set(JAVA_INT, 8, 0x21);

        assertThat(ring.acquire()).isTrue();
    }

    @Test
    void walksTheRingInOrderManyTimes() {
        for (int round = 0; round < 10; round++) {
            for (int block = 0; block < GEOMETRY.blockCount(); block++) {
                assertThat(writer.writable()).isTrue();
                writer.add(SyntheticFrame.of(new byte[60], round));
                writer.closeBlock();
            }
            assertThat(writer.writable()).isFalse();
            for (int block = 0; block < GEOMETRY.blockCount(); block++) {
                assertThat(ring.acquire()).isTrue();
                assertThat(ring.blockStart())
                        .isEqualTo(memory.address() + (long) block * GEOMETRY.blockBytes());
                ring.release();
            }
            assertThat(ring.acquire()).isFalse();
        }
    }

    @Test
    void writesNothingButTheStatusWhenItReleases() {
        writer.add(SyntheticFrame.of(new byte[60], 1));
        writer.closeBlock();
        byte[] before = memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        before[8] = 0;

        ring.acquire();
        ring.release();

        assertThat(memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)).isEqualTo(before);
    }

    @Test
    void refusesABlockOutOfStep() {
        writer.add(SyntheticFrame.of(new byte[60], 1));
        writer.closeBlock();
        memory.set(JAVA_LONG, 24, 7);

        assertThatThrownBy(ring::acquire)
                .isInstanceOf(RingOutOfStepException.class)
                .hasMessage("Ring out of step at block 0: sequence number 7 where 1 was due");
    }

    @Test
    void laysFramesOutAsTheKernelDoes() {
        writer.add(SyntheticFrame.of(new byte[60], 5_000_000_007L));
        writer.add(SyntheticFrame.of(new byte[61], 6_000_000_000L));
        writer.closeBlock();
        ring.acquire();

        long first = ring.firstPacket();
        FrameView frame = new FrameView();
        assertThat(frame.read(first, ring.blockStart(), ring.blockEnd())).isTrue();
        assertThat(frame.next() - first).isEqualTo(144);
        assertThat(frame.data() - first).isEqualTo(82);
        assertThat(frame.timestampNs()).isEqualTo(5_000_000_007L);
        assertThat(frame.read(frame.next(), ring.blockStart(), ring.blockEnd())).isTrue();
        assertThat(frame.capturedLength()).isEqualTo(61);
        assertThat(frame.next()).isEqualTo(ring.blockEnd());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16, 10, block of",
        "65536, 16, 10, block of",
        "196608, 16, 10, block of",
        "134217728, 16, 10, block of",
        "1048576, 1, 10, blocks",
        "1048576, 65536, 10, blocks",
        "1048576, 16, 0, block timeout",
        "1048576, 16, 1001, block timeout"
    })
    void refusesGeometriesThatNoRingCanHave(
            int blockBytes, int blockCount, int blockTimeoutMs, String key) {
        assertThatThrownBy(() -> new RingGeometry(blockBytes, blockCount, blockTimeoutMs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A ring's ")
                .hasMessageContaining(key);
    }

    @Test
    void measuresLargeRingsInLong() {
        assertThat(new RingGeometry(64 << 20, 65_535, 50).lengthBytes())
                .isEqualTo(65_535L * (64 << 20));
    }
}
