package dev.ringtail.schema;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Reads a [PacketBatch] in either wire format without an object per packet.
///
/// ```text
/// reader.wrap(record.value());
/// while (reader.next()) {
///     write(reader.timestampNs(), reader.array(), reader.dataOffset(), reader.dataLength());
/// }
/// ```
///
/// A value of the newest schema is read in place; one of another version, which the [SchemaLookup]
/// must know, is first resolved by Avro to the newest. The value must not change while it is being
/// read.
///
/// Any input is safe: each length is checked, and what is truncated or corrupt ends in a
/// [BatchFormatException]. [#wrap] checks all up to the packets and the frame of these, [#next] the
/// packet that it moves to. Who must not act on half of a batch calls [#check] first.
///
/// Not thread-safe. Accessors are undefined before [#wrap], those of a packet before [#next] has
/// returned true.
public final class PacketBatchReader {
    private static final Schema SCHEMA = PacketBatch.getClassSchema();
    private static final long FINGERPRINT = SingleObject.fingerprint(SCHEMA);

    /// A packet has six fields of at least a byte each.
    private static final int PACKET_MIN_LENGTH = 6;

    private final SchemaLookup lookup;

    /// Schema ids that were met, and whether each is of the newest version.
    private final Map<Integer, Boolean> newestIds = new HashMap<>();

    /// Made when the first value of another version comes.
    private @Nullable RecordDecoder<PacketBatch> otherVersions;

    private final AvroInput in = new AvroInput();

    private String sensorId = "";
    private String sessionId = "";
    private int captureId;
    private String interfaceName = "";
    private int linkType;
    private int snapLength;
    private int lane;
    private int partition;
    private long firstPacketNumber;
    private long firstLaneNumber;
    private long baseTimestampNs;
    private long minTimestampNs;
    private long maxTimestampNs;
    private int packetCount;

    private int packetsPosition;
    private int packetIndex;

    /// Place of the packet that [#next] is not to move to any more.
    private int endIndex;

    private long blockPacketsLeft;

    /// Index into the array where the present block must end; -1 if the block does not say.
    private int blockEnd;

    private int fieldsOffset;
    private long laneNumber;
    private final PacketFields packet = new PacketFields();

    /// A reader of the newest schema version alone.
    public PacketBatchReader() {
        this(SchemaLookup.NONE);
    }

    /// A reader of every schema version that the lookup knows.
    public PacketBatchReader(SchemaLookup lookup) {
        this.lookup = lookup;
    }

    /// Begins to read a record's value.
    ///
    /// @throws BatchFormatException if it is truncated or corrupt, or its schema unknown
    public void wrap(byte[] value) {
        wrap(value, 0, value.length);
    }

    /// Begins to read the remaining bytes of a buffer, whose position stays as it is.
    ///
    /// @param value a heap buffer is read in place, a direct or read-only one copied
    /// @throws BatchFormatException as above
    @SuppressWarnings("ByteBufferBackingArray") // The array's offset is minded.
    public void wrap(ByteBuffer value) {
        if (value.hasArray()) {
            wrap(value.array(), value.arrayOffset() + value.position(), value.remaining());
        } else {
            byte[] copy = new byte[value.remaining()];
            value.get(value.position(), copy);
            wrap(copy);
        }
    }

    /// Begins to read a part of an array.
    ///
    /// @throws BatchFormatException as above; bytes are counted from `offset`
    public void wrap(byte[] value, int offset, int length) {
        int headerLength = newestHeaderLength(value, offset, length);
        if (headerLength > 0) {
            in.wrap(value, offset, length);
            in.take(headerLength, "header");
        } else {
            RecordDecoder<PacketBatch> decoder = otherVersions;
            if (decoder == null) {
                decoder = SingleObject.decoder(PacketBatch.class, lookup);
                otherVersions = decoder;
            }
            byte[] newest = SingleObject.encode(decoder.decode(value, offset, length));
            in.wrap(newest, 0, newest.length);
            in.take(SingleObject.HEADER_LENGTH, "header");
        }
        readHead();
        packetsPosition = in.position();
        packetCount = countPackets();
        if (in.remaining() != 0) {
            throw in.corrupt(in.remaining() + " bytes follow the batch", in.position());
        }
        rewind();
    }

    /// Bytes before the Avro data of a value of the newest version; 0 for one of another.
    private int newestHeaderLength(byte[] value, int offset, int length) {
        if (ConfluentFormat.isIn(value, offset, length)) {
            return isNewest(ConfluentFormat.schemaId(value, offset, length))
                    ? ConfluentFormat.HEADER_LENGTH
                    : 0;
        }
        return SingleObject.fingerprint(value, offset, length) == FINGERPRINT
                ? SingleObject.HEADER_LENGTH
                : 0;
    }

    private boolean isNewest(int schemaId) {
        Boolean known = newestIds.get(schemaId);
        if (known != null) {
            return known;
        }
        @Nullable Schema writerSchema = lookup.findRegistered(schemaId);
        if (writerSchema == null) {
            throw ConfluentFormat.unknown(schemaId);
        }
        boolean newest = SingleObject.fingerprint(writerSchema) == FINGERPRINT;
        newestIds.put(schemaId, newest);
        return newest;
    }

    private void readHead() {
        sensorId = in.readString("sensorId");
        sessionId = in.readString("sessionId");
        captureId = in.readInt("captureId");
        interfaceName = in.readString("interfaceName");
        linkType = in.readInt("linkType");
        snapLength = in.readInt("snapLength");
        lane = (int) in.atLeast(0, "lane", in.position(), in.readInt("lane"));
        partition = (int) in.atLeast(0, "partition", in.position(), in.readInt("partition"));
        firstPacketNumber = in.atLeast(1, "firstPacketNumber", in.position(), in.readLong());
        firstLaneNumber = in.atLeast(1, "firstLaneNumber", in.position(), in.readLong());
        baseTimestampNs = in.readLong();
        minTimestampNs = in.readLong();
        maxTimestampNs = in.readLong();
    }

    /// Counts the packets, passing over each block that carries its size.
    private int countPackets() {
        long count = 0;
        while (startBlock()) {
            count += blockPacketsLeft;
            if (blockEnd >= 0) {
                in.seek(blockEnd);
            } else {
                for (long left = blockPacketsLeft; left > 0; left--) {
                    packet.read(in);
                }
            }
        }
        return Math.toIntExact(count);
    }

    /// Reads a block's count of packets and its size if it has one.
    ///
    /// @return false at the array's end
    private boolean startBlock() {
        int at = in.position();
        long count = in.readLong();
        blockEnd = -1;
        if (count < 0) {
            count = -count;
            int length = in.readLength("block");
            blockEnd = in.position() + length;
        }
        long room = blockEnd < 0 ? in.remaining() : blockEnd - (long) in.position();
        if (count < 0 || count > room / PACKET_MIN_LENGTH) {
            throw in.corrupt("block of " + count + " packets in " + room + " bytes", at);
        }
        blockPacketsLeft = count;
        return count != 0;
    }

    /// Goes back to before the first packet; not after [#resume].
    public void rewind() {
        if (packetsPosition < 0) {
            throw new IllegalStateException("the batch's own bytes have been let go of");
        }
        in.seek(packetsPosition);
        packetIndex = -1;
        endIndex = packetCount;
        laneNumber = firstLaneNumber;
        blockPacketsLeft = 0;
        blockEnd = -1;
    }

    /// Goes to before a span of this batch's packets, and reads these alone: the batch's own bytes
    /// are let go of, and there is no way back to other packets but by their spans.
    ///
    /// @param span of [PacketSpan#allFrom]
    /// @param bytes the span's at its beginning, copied out of [#array]
    public void resume(PacketSpan span, byte[] bytes) {
        in.wrap(bytes, 0, span.length());
        // It would keep the bytes of a value that it has resolved.
        otherVersions = null;
        packetsPosition = -1;
        packetIndex = span.firstIndex() - 1;
        endIndex = span.firstIndex() + span.packetCount();
        laneNumber = span.laneNumberBefore();
        blockPacketsLeft = span.packetCount();
        blockEnd = -1;
    }

    /// Moves to the next packet, and holds it to what its schema says of lane numbers (they rise)
    /// and of timestamps (they lie within the batch's bounds).
    ///
    /// @return false after the last
    /// @throws BatchFormatException if it is corrupt
    public boolean next() {
        if (packetIndex + 1 >= endIndex) {
            return false;
        }
        if (blockPacketsLeft == 0) {
            startBlock();
        }
        fieldsOffset = in.position();
        packet.read(in);
        packetIndex++;
        long last = laneNumber;
        laneNumber += packet.laneNumberDelta();
        if (packetIndex == 0 ? laneNumber != firstLaneNumber : laneNumber <= last) {
            throw outOfOrder(last);
        }
        long timestampNs = timestampNs();
        if (timestampNs < minTimestampNs || timestampNs > maxTimestampNs) {
            throw outOfBounds(timestampNs);
        }
        if (--blockPacketsLeft == 0 && blockEnd >= 0 && in.position() != blockEnd) {
            throw in.corrupt("packets of a block end beside its size", in.position());
        }
        return true;
    }

    private BatchFormatException outOfOrder(long last) {
        return in.corrupt("lane number " + laneNumber + " comes after " + last, in.position());
    }

    private BatchFormatException outOfBounds(long timestampNs) {
        return in.corrupt(
                "timestamp "
                        + timestampNs
                        + " ns is not within the batch's bounds "
                        + minTimestampNs
                        + " to "
                        + maxTimestampNs,
                in.position());
    }

    /// Walks through all packets and goes back to before the first, so that nothing after it can
    /// fail.
    ///
    /// @throws BatchFormatException if anything is wrong
    public void check() {
        rewind();
        while (next()) {
            // Each packet is checked when it is moved to.
        }
        rewind();
    }

    /// [PacketBatch] `sensorId`.
    public String sensorId() {
        return sensorId;
    }

    /// [PacketBatch] `sessionId`.
    public String sessionId() {
        return sessionId;
    }

    /// [PacketBatch] `captureId`.
    public int captureId() {
        return captureId;
    }

    /// [PacketBatch] `interfaceName`.
    public String interfaceName() {
        return interfaceName;
    }

    /// LINKTYPE_* of the packets.
    public int linkType() {
        return linkType;
    }

    /// Most bytes that were kept of a packet.
    public int snapLength() {
        return snapLength;
    }

    /// [PacketBatch] `lane`.
    public int lane() {
        return lane;
    }

    /// [PacketBatch] `partition`.
    public int partition() {
        return partition;
    }

    /// Packet number of the first packet.
    public long firstPacketNumber() {
        return firstPacketNumber;
    }

    /// Lane number of the first packet.
    public long firstLaneNumber() {
        return firstLaneNumber;
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public long baseTimestampNs() {
        return baseTimestampNs;
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public long minTimestampNs() {
        return minTimestampNs;
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public long maxTimestampNs() {
        return maxTimestampNs;
    }

    /// Count of packets in the batch.
    public int packetCount() {
        return packetCount;
    }

    /// Lane number of the present packet.
    public long laneNumber() {
        return laneNumber;
    }

    /// Packet number of the present packet.
    public long packetNumber() {
        return firstPacketNumber + packetIndex;
    }

    /// Capture time of the present packet, nanoseconds since 1970-01-01T00:00:00Z.
    public long timestampNs() {
        return baseTimestampNs + packet.timestampOffsetNs();
    }

    /// Bytes of the present packet on the wire.
    public long originalLength() {
        return packet.originalLength();
    }

    /// Ordinal of the present packet's [PacketType].
    public int packetType() {
        return packet.packetType();
    }

    /// [PacketFlags] of the present packet.
    public int flags() {
        return packet.flags();
    }

    /// The array that holds the present packet's data; not to be changed.
    public byte[] array() {
        return in.array();
    }

    /// Index into [#array] of the first byte that tells of the present packet: its fields, and
    /// behind these its data.
    int fieldsOffset() {
        return fieldsOffset;
    }

    /// Index into [#array] of the present packet's first byte.
    public int dataOffset() {
        return packet.dataOffset();
    }

    /// Captured bytes of the present packet.
    public int dataLength() {
        return packet.dataLength();
    }
}
