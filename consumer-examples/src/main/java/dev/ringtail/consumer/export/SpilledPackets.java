package dev.ringtail.consumer.export;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.PacketSpan;

import java.nio.ByteBuffer;
import java.util.List;

/// Packets of a batch that are in a [SpillFile], and come back a span at a time.
final class SpilledPackets {
    private final SpillFile file;
    private final List<PacketSpan> spans;
    private final int firstOffset;
    private final int length;
    private final long position;
    private final byte[] room;

    /// Place of the span that comes next.
    private int next;

    /// Writes packets.
    ///
    /// @param array that holds them
    /// @param spans of it, at least one, in their order
    /// @param room where those come back that are not longer, so that there is no new array for
    ///   each
    SpilledPackets(SpillFile file, byte[] array, List<PacketSpan> spans, byte[] room) {
        PacketSpan last = spans.getLast();
        this.file = file;
        this.spans = spans;
        this.room = room;
        this.firstOffset = spans.getFirst().offset();
        this.length = last.offset() + last.length() - firstOffset;
        this.position = file.write(ByteBuffer.wrap(array, firstOffset, length));
    }

    /// Has the batch's reader go on with the next span.
    ///
    /// @return false after the last
    boolean resume(PacketBatchReader batch) {
        if (next == spans.size()) {
            return false;
        }
        PacketSpan span = spans.get(next++);
        byte[] bytes = arrayFor(span, room);
        file.read(position + span.offset() - firstOffset, bytes, span.length());
        batch.resume(span, bytes);
        return true;
    }

    /// The array that is there, or one of its own for a span that is longer.
    static byte[] arrayFor(PacketSpan span, byte[] room) {
        return span.length() <= room.length ? room : new byte[span.length()];
    }

    /// Gives up their place in the file.
    void free() {
        file.free(position, length);
    }
}
