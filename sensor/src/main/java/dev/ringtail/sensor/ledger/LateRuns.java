package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.LateRun;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where in the topic the packets are that came late, so that a search by time finds them.
///
/// Records are merged into runs of offsets. A run may span records of other sessions and of other
/// times: it says where a reader has to look, not that everything there is late. Memory is bounded:
/// over [#MAX_RUNS_PER_PARTITION] runs the two that lie nearest to each other become one. Callable
/// from any thread.
public final class LateRuns {
    /// Most runs kept of a partition.
    public static final int MAX_RUNS_PER_PARTITION = 256;

    private final Map<Integer, List<LateRun>> partitions = new TreeMap<>();

    /// Adds an acknowledged record.
    public synchronized void add(
            int partition, long offset, long minTimestampNs, long maxTimestampNs) {
        List<LateRun> runs = partitions.computeIfAbsent(partition, p -> new ArrayList<>());
        LateRun record = new LateRun(partition, offset, offset, minTimestampNs, maxTimestampNs);
        int index = runs.size();
        while (index > 0 && runs.get(index - 1).getFirstOffset() > offset) {
            index--;
        }
        runs.add(index, record);
        mergeIfTouching(runs, index);
        mergeIfTouching(runs, index - 1);
        if (runs.size() > MAX_RUNS_PER_PARTITION) {
            merge(runs, nearest(runs));
        }
    }

    /// All runs, ordered by partition and offset.
    public synchronized List<LateRun> snapshot() {
        List<LateRun> all = new ArrayList<>();
        partitions.values().forEach(all::addAll);
        return all;
    }

    private static void mergeIfTouching(List<LateRun> runs, int index) {
        if (index >= 0 && index + 1 < runs.size() && gap(runs, index) <= 0) {
            merge(runs, index);
        }
    }

    /// Index of the run that is nearest to its successor.
    private static int nearest(List<LateRun> runs) {
        int nearest = 0;
        for (int i = 1; i + 1 < runs.size(); i++) {
            if (gap(runs, i) < gap(runs, nearest)) {
                nearest = i;
            }
        }
        return nearest;
    }

    /// Count of offsets between a run and the next; negative where they overlap.
    private static long gap(List<LateRun> runs, int index) {
        return runs.get(index + 1).getFirstOffset() - runs.get(index).getLastOffset() - 1;
    }

    private static void merge(List<LateRun> runs, int index) {
        LateRun earlier = runs.get(index);
        LateRun later = runs.remove(index + 1);
        runs.set(
                index,
                new LateRun(
                        earlier.getPartition(),
                        earlier.getFirstOffset(),
                        Math.max(earlier.getLastOffset(), later.getLastOffset()),
                        Math.min(earlier.getMinTimestampNs(), later.getMinTimestampNs()),
                        Math.max(earlier.getMaxTimestampNs(), later.getMaxTimestampNs())));
    }
}
