package dev.ringtail.sensor.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.LateRun;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class LateRunsTest {
    private final LateRuns runs = new LateRuns();

    @Test
    void joinsAdjacentRecordsOfAPartitionInAnyOrder() {
        runs.add(1, 12, 100, 200);
        runs.add(1, 10, 300, 400);
        runs.add(2, 11, 1, 2);
        runs.add(1, 11, 50, 60);

        assertThat(runs.snapshot())
                .containsExactly(
                        new LateRun(1, 10L, 12L, 50L, 400L), new LateRun(2, 11L, 11L, 1L, 2L));
    }

    @Test
    void keepsRunsApartThatAreApart() {
        runs.add(0, 10, 1, 2);
        runs.add(0, 12, 3, 4);

        assertThat(runs.snapshot()).hasSize(2);
    }

    @RepeatedTest(20)
    void staysBoundedAndStillCoversEveryRecord(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<long[]> records = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            long min = random.nextInt(1_000_000);
            long[] record = {random.nextInt(1_000_000), min, min + random.nextInt(1000)};
            records.add(record);
            runs.add(0, record[0], record[1], record[2]);
        }

        List<LateRun> found = runs.snapshot();

        assertThat(found).hasSizeLessThanOrEqualTo(LateRuns.MAX_RUNS_PER_PARTITION);
        for (int i = 1; i < found.size(); i++) {
            assertThat(found.get(i).getFirstOffset())
                    .isGreaterThan(found.get(i - 1).getLastOffset());
        }
        for (long[] record : records) {
            assertThat(found).anyMatch(run -> covers(run, record));
        }
    }

    private static boolean covers(LateRun run, long[] record) {
        return run.getFirstOffset() <= record[0]
                && record[0] <= run.getLastOffset()
                && run.getMinTimestampNs() <= record[1]
                && record[2] <= run.getMaxTimestampNs();
    }
}
