package dev.ringtail.consumer.export;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.PacketSpan;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Walks through the packets of a batch. Where memory is short [#spill] puts those to come into a
/// file.
final class BatchCursor {
    private final int batch;
    private final BatchLoader loader;
    private final PacketBatchReader reader;
    private @Nullable SpilledPackets spilled;
    private long laneNumber;
    private long packetNumber;
    private long timestampNs;
    private int interfaceId = -1;

    /// A cursor before the first packet of a batch.
    ///
    /// @param reader before the first packet too
    BatchCursor(int batch, PacketBatchReader reader, BatchLoader loader) {
        this.batch = batch;
        this.reader = reader;
        this.loader = loader;
    }

    /// Number of the batch in the index.
    int batch() {
        return batch;
    }

    /// Moves to the next packet.
    ///
    /// @return false after the last
    /// @throws dev.ringtail.schema.BatchFormatException if it is corrupt, where the batch was not
    ///   checked before
    boolean next() {
        if (!reader.next() && (spilled == null || !spilled.resume(reader) || !reader.next())) {
            return false;
        }
        laneNumber = reader.laneNumber();
        packetNumber = reader.packetNumber();
        timestampNs = reader.timestampNs();
        return true;
    }

    /// Lets go of the batch's value: keeps a copy of the span of packets that begins with the
    /// present one, which must be there, and puts those behind it into a file. Once at most.
    void spill(SpillFile file) {
        int present = Math.toIntExact(packetNumber - reader.firstPacketNumber());
        int spanBytes = file.spanBytes();
        List<PacketSpan> spans = PacketSpan.allFrom(reader, present, spanBytes);
        byte[] value = reader.array();
        PacketSpan first = spans.getFirst();
        byte[] room = new byte[longest(spans, spanBytes)];
        byte[] bytes = SpilledPackets.arrayFor(first, room);
        System.arraycopy(value, first.offset(), bytes, 0, first.length());
        if (spans.size() > 1) {
            spilled = new SpilledPackets(file, value, spans.subList(1, spans.size()), room);
        }
        reader.resume(first, bytes);
        reader.next();
    }

    /// Bytes of the longest span but those of a single packet that is longer than spans should be.
    private static int longest(List<PacketSpan> spans, int spanBytes) {
        return spans.stream()
                .mapToInt(PacketSpan::length)
                .filter(length -> length <= spanBytes)
                .max()
                .orElse(0);
    }

    /// The present packet.
    PacketBatchReader packet() {
        return reader;
    }

    /// Lets go of the batch for good.
    void close() {
        if (spilled != null) {
            spilled.free();
        }
        loader.release(batch);
    }

    /// Lane number of the present packet.
    long laneNumber() {
        return laneNumber;
    }

    /// Packet number of the present packet.
    long packetNumber() {
        return packetNumber;
    }

    /// Capture time of the present packet, nanoseconds since 1970-01-01T00:00:00Z.
    long timestampNs() {
        return timestampNs;
    }

    /// Number of the batch's interface in the capture file, -1 before it has been looked up.
    int interfaceId() {
        return interfaceId;
    }

    /// Keeps what [#interfaceId] is to tell.
    void setInterfaceId(int id) {
        interfaceId = id;
    }
}
