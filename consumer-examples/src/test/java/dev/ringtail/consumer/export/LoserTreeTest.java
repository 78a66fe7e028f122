package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Oracle: a list, whose lowest is looked for.
class LoserTreeTest {
    private static final class Runner {
        private final int order;
        private long number;

        private Runner(int order, long number) {
            this.order = order;
            this.number = number;
        }
    }

    private static final class RunnerTree extends LoserTree<Runner> {
        private RunnerTree() {
            super(new Runner[0]);
        }

        @Override
        long number(Runner runner) {
            return runner.number;
        }

        @Override
        boolean isLower(Runner one, Runner other) {
            return one.order < other.order;
        }
    }

    /// Numbers rise and fall, those of others than the top too, within so many bits of which the
    /// highest is the sign.
    ///
    /// @param most of runners that are there at one time
    @ParameterizedTest
    @CsvSource({
        "1, 1, 3",
        "2, 2, 64",
        "3, 5, 2",
        "4, 33, 8",
        "5, 100, 57",
        "6, 100, 64",
        "7, 17, 1"
    })
    void hasTheLowestOnTop(long seed, int most, int bits) {
        Random random = new Random(seed);
        RunnerTree tree = new RunnerTree();
        List<Runner> here = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            int kind = random.nextInt(20);
            boolean few = here.isEmpty() || step < most;
            if (few || (kind == 0 && here.size() < most)) {
                // Orders are distinct, and not those in which they come.
                Runner runner = new Runner(step * 0x9e3779b9, number(random, bits));
                here.add(runner);
                tree.put(runner);
            } else if (kind == 1) {
                Runner any = here.get(random.nextInt(here.size()));
                any.number = number(random, bits);
                tree.put(any);
            } else if (kind == 2) {
                here.remove(tree.top());
                tree.removeTop();
            } else if (!tree.isSingle() || kind < 10) {
                tree.top().number = number(random, bits);
                tree.topMoved();
            } else {
                // One alone need not tell.
                tree.top().number = number(random, bits);
            }

            assertThat(tree.isSingle()).as("seed %d, %d", seed, step).isEqualTo(here.size() == 1);
            assertThat(tree.isEmpty()).as("seed %d, %d", seed, step).isEqualTo(here.isEmpty());
            if (!here.isEmpty() && random.nextBoolean()) {
                assertThat(tree.top()).as("seed %d, %d", seed, step).isSameAs(lowest(here));
            }
        }
    }

    private static long number(Random random, int bits) {
        return random.nextLong() >> Long.SIZE - bits;
    }

    private static Runner lowest(List<Runner> runners) {
        return runners.stream()
                .min(
                        Comparator.<Runner>comparingLong(runner -> runner.number)
                                .thenComparingInt(runner -> runner.order))
                .orElseThrow();
    }
}
