package dev.ringtail.consumer.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.Random;

/// Oracle: a bit set.
class NumberSetTest {
    @Test
    void holdsWhatABitSetHolds() {
        long seed = 11;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            NumberSet numbers = new NumberSet();
            BitSet expected = new BitSet();
            for (int i = 0; i < 30; i++) {
                int first = 1 + random.nextInt(200);
                int end = first + random.nextInt(20);
                int present = expected.get(first, end).cardinality();
                assertThat(numbers.add(first, end)).as("seed %d", seed).isEqualTo(present);
                expected.set(first, end);
                assertThat(numbers.count()).isEqualTo(expected.cardinality());
            }
            BitSet missing = new BitSet();
            numbers.missing(1, 100).forEach(r -> missing.set((int) r.first(), (int) r.end()));
            expected.flip(1, 100);
            expected.clear(100, 300);
            assertThat(missing).as("seed %d", seed).isEqualTo(expected);
        }
    }
}
