package dev.ringtail.consumer.export;

/// Open batches of one lane, the one with the lowest lane number on top, that of the lower batch
/// where two have the same.
final class CursorTree extends LoserTree<BatchCursor> {
    CursorTree() {
        super(new BatchCursor[0]);
    }

    @Override
    long number(BatchCursor cursor) {
        return cursor.laneNumber();
    }

    @Override
    boolean isLower(BatchCursor one, BatchCursor other) {
        return one.batch() < other.batch();
    }
}
