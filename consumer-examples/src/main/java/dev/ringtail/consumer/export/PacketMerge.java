package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The packets of all lanes in the export's order: within a lane by lane number, between lanes by
/// the time of the lanes' next packets; where times are equal by sensor, session and lane.
final class PacketMerge {
    private static final Comparator<LaneCursor> BY_TIME =
            Comparator.comparingLong(LaneCursor::timestampNs).thenComparing(LaneCursor::key);

    /// All lanes but the present one.
    private final PriorityQueue<LaneCursor> waiting = new PriorityQueue<>(BY_TIME);

    private final List<LaneCursor> lanes = new ArrayList<>();
    private @Nullable LaneCursor present;

    PacketMerge(MergeInput input, BatchLoader loader) {
        BatchIndex index = input.index();
        int[] batches = index.wantedByLane();
        int first = 0;
        for (int i = 1; i <= batches.length; i++) {
            if (i == batches.length || index.lane(batches[i]) != index.lane(batches[first])) {
                lanes.add(new LaneCursor(input, loader, batches, first, i));
                first = i;
            }
        }
        waiting.addAll(lanes);
    }

    /// Moves to the next packet.
    ///
    /// @return false after the last
    boolean next() {
        LaneCursor lane = present;
        if (lane != null && !lane.advance()) {
            lane = null;
        }
        while (true) {
            LaneCursor other = waiting.peek();
            if (other != null && (lane == null || BY_TIME.compare(other, lane) < 0)) {
                waiting.poll();
                if (lane != null) {
                    waiting.add(lane);
                }
                lane = other;
            }
            if (lane == null) {
                present = null;
                return false;
            }
            if (lane.isReady()) {
                present = lane;
                return true;
            }
            // What it holds back may come at another time than it seemed.
            if (!lane.prepare()) {
                lane = null;
            }
        }
    }

    /// The lane that has the present packet.
    LaneCursor lane() {
        LaneCursor lane = present;
        if (lane == null) {
            throw new IllegalStateException("no present packet");
        }
        return lane;
    }

    /// Packets passed over so far because they were there before.
    long duplicates() {
        return lanes.stream().mapToLong(LaneCursor::duplicates).sum();
    }

    /// Packets of batches that could not be read.
    long unreadable() {
        return lanes.stream().mapToLong(LaneCursor::unreadable).sum();
    }
}
