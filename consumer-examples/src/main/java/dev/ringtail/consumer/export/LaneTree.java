package dev.ringtail.consumer.export;

/// Lanes, the one whose next packet is the earliest on top, that of the lower sensor, session and
/// lane where two are of the same time.
final class LaneTree extends LoserTree<LaneCursor> {
    LaneTree() {
        super(new LaneCursor[0]);
    }

    @Override
    long number(LaneCursor lane) {
        return lane.timestampNs();
    }

    @Override
    boolean isLower(LaneCursor one, LaneCursor other) {
        return one.key().compareTo(other.key()) < 0;
    }
}
