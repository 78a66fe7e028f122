package dev.ringtail.sensor.lane;

import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import dev.ringtail.sensor.ledger.BatchFacts;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A packet batch in Avro's binary encoding, built in place while packets come in:
///
/// ```text
/// array: [ free room | header, written at close | items … | 0 | unused ]
///                    ▲ offset()                            ▲ offset() + length()
/// ```
///
/// The record's fields before the packets are known only at the end (their count and byte size, the
/// bounds of time) and are of variable size, so room is left for them and they are written
/// backwards against the items. The items are one Avro array block with its byte size: a negative
/// count, the size, the packets, and a 0 that ends the array.
///
/// Owned by one thread at a time: the lane's while open, the publisher's from [BatchHandOff#poll]
/// to [BatchHandOff#giveBack]. Reused for ever.
public final class EncodedBatch {
    /// What the header and the array's end may take of a batch, with names of sensor and interface
    /// at their longest.
    static final int HEADER_ALLOWANCE_BYTES = 1024;

    private static final int END_BYTES = 1;

    /// Most bytes of the record's fields between `lane` and the packets: a partition, five numbers,
    /// and the block's count and size.
    private static final int MAX_NUMBERS_BYTES = 8 * Varint.MAX_BYTES;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /// Bytes that [#copyHalf] copies.
    private static final int HALF_BYTES = 4 * Long.BYTES;

    private final int regularBytes;
    private byte[] array;

    /// The array, for copies into it.
    private MemorySegment segment;

    private byte[] prefix = {};
    private int offset;
    private int position;
    private int itemsStart;
    private int limit;
    private int lane;
    private int partition;
    private long firstPacketNumber;
    private long firstLaneNumber;
    private long lastLaneNumber;
    private int packetCount;
    private long dataBytes;
    private long baseTimestampNs;
    private long minTimestampNs;
    private long maxTimestampNs;
    private long openedAtNs;

    EncodedBatch(int regularBytes) {
        this.regularBytes = regularBytes;
        this.array = new byte[regularBytes];
        this.segment = MemorySegment.ofArray(array);
    }

    /// The bytes that hold the record value, from [#offset] on.
    public byte[] array() {
        return array;
    }

    /// Where the value begins: the wire header, then Avro's encoding of PacketBatch.
    public int offset() {
        return offset;
    }

    /// Bytes of the value.
    public int length() {
        return position - offset;
    }

    /// Count of packets.
    public int packetCount() {
        return packetCount;
    }

    /// Captured bytes of all its packets.
    public long dataBytes() {
        return dataBytes;
    }

    /// What the ledger has to know of it after it was given back.
    public BatchFacts facts() {
        return new BatchFacts(
                lane,
                partition,
                firstPacketNumber,
                packetCount,
                dataBytes,
                minTimestampNs,
                maxTimestampNs);
    }

    long openedAtNs() {
        return openedAtNs;
    }

    /// Bytes to leave free before the packets for a header that begins with this prefix.
    static int headerRoom(byte[] prefix) {
        return prefix.length + MAX_NUMBERS_BYTES;
    }

    /// Most bytes of data of a single packet in a record value of at most `maxValueBytes`.
    static int maxDataBytes(int maxValueBytes, int headerRoom) {
        return maxValueBytes - headerRoom - PacketNumbers.MAX_BYTES - END_BYTES;
    }

    /// Empties the batch for packets of a partition.
    ///
    /// @param prefix wire header and the fields up to `lane`, which all batches of a capture share
    void open(int lane, int partition, long firstPacketNumber, byte[] prefix, long nowNs) {
        this.lane = lane;
        this.partition = partition;
        this.firstPacketNumber = firstPacketNumber;
        this.openedAtNs = nowNs;
        this.prefix = prefix;
        this.itemsStart = headerRoom(prefix);
        this.position = itemsStart;
        this.offset = itemsStart;
        this.limit = array.length - END_BYTES;
        this.packetCount = 0;
        this.dataBytes = 0;
    }

    /// Whether a packet of so many bytes of data is sure to fit.
    boolean hasRoom(int dataLength) {
        return position + PacketNumbers.MAX_BYTES + dataLength <= limit;
    }

    /// Grows the array of an empty batch for a packet larger than a regular batch.
    void growFor(int dataLength) {
        array = new byte[itemsStart + PacketNumbers.MAX_BYTES + dataLength + END_BYTES];
        segment = MemorySegment.ofArray(array);
        limit = array.length - END_BYTES;
    }

    /// Lets go of what [#growFor] allocated.
    void shrink() {
        if (array.length != regularBytes) {
            array = new byte[regularBytes];
            segment = MemorySegment.ofArray(array);
        }
    }

    /// Appends a packet; ask [#hasRoom] first.
    ///
    /// @param source memory that holds the frame
    /// @param at where the frame begins in it
    /// @param length bytes of data: what is taken of the frame, and the VLAN tag to insert
    /// @param vlanTag TPID and TCI of a tag to put back behind the addresses, [VlanTag#NONE] for
    ///   none
    /// @param laneNumber number of the packet in its lane
    /// @param packetType symbol number of PacketType
    /// @param copies where to put off the copy of a frame that is in a ring; null to copy at once
    void append(
            MemorySegment source,
            long at,
            int length,
            long vlanTag,
            long laneNumber,
            long timestampNs,
            long originalLength,
            int packetType,
            int flags,
            @Nullable FrameCopies copies) {
        if (packetCount == 0) {
            firstLaneNumber = laneNumber;
            lastLaneNumber = laneNumber;
            baseTimestampNs = timestampNs;
            minTimestampNs = timestampNs;
            maxTimestampNs = timestampNs;
        } else {
            minTimestampNs = Math.min(minTimestampNs, timestampNs);
            maxTimestampNs = Math.max(maxTimestampNs, timestampNs);
        }
        byte[] a = array;
        int p =
                PacketNumbers.put(
                        a,
                        position,
                        laneNumber - lastLaneNumber,
                        timestampNs - baseTimestampNs,
                        originalLength,
                        packetType,
                        flags,
                        length);
        if (vlanTag < 0) {
            copy(source, at, p, length, copies);
        } else {
            copyWithTag(source, at, length - VlanTag.BYTES, (int) vlanTag, a, p);
        }
        position = p + length;
        lastLaneNumber = laneNumber;
        packetCount++;
        dataBytes += length;
    }

    /// Small frames, which are most of all frames, are copied in place: as their first and their
    /// last 32 bytes, which overlap. The JVM's own copy is a call that costs as much as all else of
    /// such a frame's encoding.
    private void copy(
            MemorySegment source, long at, int start, int length, @Nullable FrameCopies copies) {
        int secondHalf = length - HALF_BYTES;
        if (secondHalf >= 0 && secondHalf <= HALF_BYTES) {
            copyHalf(source, at, array, start);
            copyHalf(source, at + secondHalf, array, start + secondHalf);
        } else if (copies == null) {
            MemorySegment.copy(source, at, segment, start, length);
        } else {
            copies.add(at, this, start, length);
        }
    }

    /// Makes a copy that was put off, see [FrameCopies].
    ///
    /// @param source address of the frame
    /// @param start where in the array
    void copyFromRing(long source, int start, int length) {
        MemorySegment.copy(MEMORY, source, segment, start, length);
    }

    /// A loop, which the JIT unrolls once it has the whole lane: of accesses written one by one the
    /// last ones would be beyond what it takes into one piece of code.
    private static void copyHalf(MemorySegment source, long at, byte[] a, int p) {
        for (int i = 0; i < HALF_BYTES; i += Long.BYTES) {
            LONGS.set(a, p + i, source.get(LONG, at + i));
        }
    }

    private static void copyWithTag(
            MemorySegment source, long at, int length, int vlanTag, byte[] a, int start) {
        int p = start;
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at, a, p, VlanTag.OFFSET);
        p += VlanTag.OFFSET;
        a[p++] = (byte) (vlanTag >>> 24);
        a[p++] = (byte) (vlanTag >>> 16);
        a[p++] = (byte) (vlanTag >>> 8);
        a[p++] = (byte) vlanTag;
        int rest = length - VlanTag.OFFSET;
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at + VlanTag.OFFSET, a, p, rest);
    }

    /// Whether it was opened for the capture of this prefix: the same array, not an equal one.
    @SuppressWarnings("ReferenceEquality") // arrays are compared once a packet
    boolean belongsTo(byte[] capturePrefix) {
        return prefix == capturePrefix;
    }

    /// Completes the value: header before the items, end of the array behind them.
    void close() {
        int itemsBytes = position - itemsStart;
        int size =
                prefix.length
                        + Varint.size(partition)
                        + Varint.size(firstPacketNumber)
                        + Varint.size(firstLaneNumber)
                        + Varint.size(baseTimestampNs)
                        + Varint.size(minTimestampNs)
                        + Varint.size(maxTimestampNs)
                        + (packetCount == 0
                                ? 0
                                : Varint.size(-packetCount) + Varint.size(itemsBytes));
        byte[] a = array;
        offset = itemsStart - size;
        System.arraycopy(prefix, 0, a, offset, prefix.length);
        int p = offset + prefix.length;
        p = Varint.put(a, p, partition);
        p = Varint.put(a, p, firstPacketNumber);
        p = Varint.put(a, p, firstLaneNumber);
        p = Varint.put(a, p, baseTimestampNs);
        p = Varint.put(a, p, minTimestampNs);
        p = Varint.put(a, p, maxTimestampNs);
        if (packetCount > 0) {
            p = Varint.put(a, p, -packetCount);
            Varint.put(a, p, itemsBytes);
        }
        a[position++] = 0;
    }
}
