package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// The packets of all lanes in the export's order: within a lane by lane number, between lanes by
/// the time of the lanes' next packets; where times are equal by sensor, session and lane.
///
/// It may begin with all batches of the index, or be given batches as they come ([#add]), and
/// brought on only as far as is thought to be safe ([#next(long)]): a batch that should have come
/// earlier is noticed then.
final class PacketMerge {
    private final MergeInput input;
    private final BatchLoader loader;

    /// Lanes that have packets and begin no later than the earliest of these does now: of a long
    /// range few.
    private final LaneTree begun = new LaneTree();

    /// The others, the earliest first.
    private final Deque<LaneCursor> later = new ArrayDeque<>();

    /// When the first of the others begins.
    private long laterNs = Long.MAX_VALUE;

    /// The earliest lane, as it was asked for; null where that is not known, or there is none.
    private @Nullable LaneCursor present;

    /// Lanes by their number in the index.
    private final Map<Integer, LaneCursor> lanes = new HashMap<>();

    /// Whether the present packet has been given out.
    private boolean taken;

    private long latestTakenNs = Long.MIN_VALUE;

    private PacketMerge(MergeInput input, BatchLoader loader) {
        this.input = input;
        this.loader = loader;
    }

    /// A merge of all batches of an index.
    static PacketMerge ofAll(MergeInput input, BatchLoader loader) {
        PacketMerge merge = new PacketMerge(input, loader);
        BatchIndex index = input.index();
        int[] batches = index.wantedByLane();
        int first = 0;
        for (int i = 1; i <= batches.length; i++) {
            if (i == batches.length || index.lane(batches[i]) != index.lane(batches[first])) {
                LaneCursor lane = new LaneCursor(input, loader, batches, first, i);
                merge.lanes.put(index.lane(batches[first]), lane);
                first = i;
            }
        }
        merge.lanes.values().stream()
                .sorted(Comparator.comparingLong(LaneCursor::timestampNs))
                .forEach(merge.later::add);
        merge.lookAtLater();
        return merge;
    }

    /// A merge that gets its batches by [#add].
    static PacketMerge ofNone(MergeInput input, BatchLoader loader) {
        return new PacketMerge(input, loader);
    }

    private void lookAtLater() {
        laterNs = later.isEmpty() ? Long.MAX_VALUE : later.element().timestampNs();
    }

    /// Adds a wanted batch of the index to a merge [#ofNone], when [#next] has not been called yet
    /// or has returned false.
    ///
    /// @throws OutOfOrderException if packets have been given out that come after its first, or, of
    ///   other lanes, may do so
    void add(int batch) {
        if (taken) {
            throw new IllegalStateException("a packet has been given out and not been passed");
        }
        LaneCursor lane = lanes.get(input.index().lane(batch));
        if (lane == null) {
            lane = new LaneCursor(input, loader, new int[] {batch}, 0, 1);
            lanes.put(input.index().lane(batch), lane);
        } else {
            boolean isNext = lane.isNext(batch);
            lane.add(batch);
            if (!isNext) {
                return;
            }
        }
        begun.put(lane);
        present = null;
        if (lanes.size() > 1 && lane.timestampNs() <= latestTakenNs) {
            throw new OutOfOrderException(
                    "%d ns of %s after %d ns"
                            .formatted(lane.timestampNs(), lane.key(), latestTakenNs));
        }
    }

    /// Moves to the next packet.
    ///
    /// @return false after the last
    boolean next() {
        return next(Long.MAX_VALUE);
    }

    /// Moves to the next packet unless it is too young.
    ///
    /// @param limitNs latest capture time
    /// @return false if there is none; more may come by a higher limit or by [#add]
    boolean next(long limitNs) {
        LaneCursor lane = present;
        if (lane == null) {
            lane = earliest();
        } else if (taken) {
            taken = false;
            lane = afterMove(lane, lane.advance());
        }
        while (lane != null && lane.timestampNs() <= limitNs && !lane.isReady()) {
            // What it holds back may come at another time than it seemed.
            lane = afterMove(lane, lane.settle());
        }
        present = lane;
        if (lane == null || lane.timestampNs() > limitNs) {
            return false;
        }
        taken = true;
        latestTakenNs = Math.max(latestTakenNs, lane.timestampNs());
        return true;
    }

    /// The earliest lane after the one that was it has moved.
    ///
    /// @param hasPacket whether that one has another packet
    private @Nullable LaneCursor afterMove(LaneCursor lane, boolean hasPacket) {
        if (!hasPacket) {
            begun.removeTop();
        } else if (begun.isSingle()) {
            return lane.timestampNs() < laterNs ? lane : earliest();
        } else {
            begun.topMoved();
        }
        return earliest();
    }

    private @Nullable LaneCursor earliest() {
        if (begun.isEmpty() && !later.isEmpty()) {
            beginNext();
        }
        if (begun.isEmpty()) {
            return null;
        }
        long topNs = begun.top().timestampNs();
        while (laterNs <= topNs && !later.isEmpty()) {
            beginNext();
        }
        return begun.top();
    }

    private void beginNext() {
        begun.put(later.remove());
        lookAtLater();
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
        return lanes.values().stream().mapToLong(LaneCursor::duplicates).sum();
    }

    /// Packets that are missing: of gaps in the numbers, and of batches that could not be read.
    long missing() {
        return input.missing() + lanes.values().stream().mapToLong(LaneCursor::unreadable).sum();
    }
}
