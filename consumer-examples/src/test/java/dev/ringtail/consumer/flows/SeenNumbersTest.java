package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Random;

class SeenNumbersTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithABitSet(long seed) {
        Random random = new Random(seed);
        BitSet expected = new BitSet();
        SeenNumbers seen = new SeenNumbers();
        for (int i = 0; i < 300; i++) {
            int from = 1 + random.nextInt(5000);
            int to = from + random.nextInt(40);
            expected.set(from, to + 1);
            seen.add(from, to);
            seen = reread(seen);
        }

        for (int number = 0; number < 6000; number++) {
            assertThat(seen.contains(number)).as("%d", number).isEqualTo(expected.get(number));
        }
    }

    @Test
    void keepsAStreamWithoutGapsAsOneRange() {
        SeenNumbers seen = new SeenNumbers();
        for (long first = 1; first < 100_000; first += 100) {
            seen.add(first, first + 99);
        }

        assertThat(seen.rangeCount()).isEqualTo(1);
        assertThat(seen.byteCount()).isEqualTo(16);
    }

    @Test
    void givesTheLowestGapUpWhenThereAreTooMany() {
        SeenNumbers seen = new SeenNumbers();
        for (long number = 1; number <= 2L * SeenNumbers.MAX_RANGES + 1; number += 2) {
            seen.add(number, number);
        }

        assertThat(seen.rangeCount()).isEqualTo(SeenNumbers.MAX_RANGES);
        assertThat(seen.contains(2)).isTrue();
        assertThat(seen.contains(4)).isFalse();
    }

    private static SeenNumbers reread(SeenNumbers seen) {
        ByteBuffer bytes = ByteBuffer.allocate(seen.byteCount());
        seen.write(bytes);
        return SeenNumbers.read(bytes.flip());
    }
}
