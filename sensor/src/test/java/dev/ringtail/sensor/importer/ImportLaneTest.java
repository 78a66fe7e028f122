package dev.ringtail.sensor.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.publish.TopicSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportLaneTest {
    private static final long HEAP_BYTES = 512L << 20;

    @ParameterizedTest
    @CsvSource({"1,1048576", "16,1048576", "1000,1048576", "1100,20000", "4000,1000000"})
    void hasABatchOpenAndOneOnItsWayForEachPartition(int partitionCount, int maxRecordBytes) {
        BatchBudget budget = budget(maxRecordBytes, partitionCount);

        assertThat(budget.batchCount()).isGreaterThan(2 * partitionCount);
        assertThat((long) budget.batchCount() * budget.batchBytes()).isLessThan(HEAP_BYTES / 2);
    }

    @Test
    void keepsBatchesWholeForFewPartitions() {
        assertThat(budget(1 << 20, 16)).isEqualTo(new BatchBudget(128, 256 << 10));
    }

    @Test
    void refusesMorePartitionsThanMemoryHasRoomForAndSaysWhatToDo() {
        assertThatThrownBy(() -> budget(1 << 20, 100_000))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("100,000 partitions")
                .hasMessageContaining("512 MiB")
                .hasMessageContaining("RINGTAIL_JAVA_OPTS=-Xmx12505m");
    }

    private static BatchBudget budget(int maxRecordBytes, int partitionCount) {
        return ImportLane.budget(
                TopicSettings.DEFAULT_BATCH_BYTES, maxRecordBytes, partitionCount, HEAP_BYTES);
    }
}
