package dev.ringtail.sensor.lane;

import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sorts the packets of one lane into one open batch for each partition, numbers them, and closes
/// batches that are full or old.
///
/// No object for a packet, and no copy beyond the one into its batch, which for frames of a ring
/// may be put off, see [FrameCopies]. Lane thread only.
public final class BatchEncoder {
    private static final int MAX_PREFIXES = 256;

    private final BatchPool pool;
    private final byte[] wireHeader;
    private final int lane;
    private final int maxValueBytes;
    private final LaneCounters counters;
    private final @Nullable EncodedBatch[] open;
    private final long[] nextPacketNumber;

    /// Of the captures that were begun last: an import goes to and fro between the interfaces of a
    /// file, and a sensor sees ever new ones.
    private final Map<CaptureDescriptor, byte[]> prefixes =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<CaptureDescriptor, byte[]> eldest) {
                    return size() > MAX_PREFIXES;
                }
            };

    private final FrameCopies copies = new FrameCopies();

    private byte[] prefix;
    private int headerRoom;
    private int snapLength;
    private long nextLaneNumber = 1;
    private int openCount;

    /// @param pool the lane's batches
    /// @param wireFormat how batches name their schema
    /// @param lane number of the lane
    /// @param partitionCount partitions of the packets topic
    /// @param maxValueBytes most bytes of a record value: longer packets are cut to it
    /// @param capture what the first packets belong to
    /// @param counters told of what is published, pending and cut
    public BatchEncoder(
            BatchPool pool,
            WireFormat wireFormat,
            int lane,
            int partitionCount,
            int maxValueBytes,
            CaptureDescriptor capture,
            LaneCounters counters) {
        this.pool = pool;
        this.wireHeader = wireFormat.header(PacketBatch.getClassSchema());
        this.lane = lane;
        this.maxValueBytes = maxValueBytes;
        this.counters = counters;
        this.open = new EncodedBatch[partitionCount];
        this.nextPacketNumber = new long[partitionCount];
        Arrays.fill(nextPacketNumber, 1);
        beginCapture(capture);
    }

    /// Goes on with packets of another capture; the numbers go on. A batch of the capture before is
    /// closed when the next packet for its partition comes.
    public void beginCapture(CaptureDescriptor capture) {
        prefix = prefixes.computeIfAbsent(capture, c -> c.encodePrefix(wireHeader, lane));
        headerRoom = EncodedBatch.headerRoom(prefix);
        snapLength = capture.snapLength();
    }

    /// Bytes that are kept of a packet.
    ///
    /// @param length bytes captured, a restored VLAN tag counted
    int keptLength(int length) {
        return Math.min(length, snapLength);
    }

    /// Copies that were put off by appends that may. They are made here before a batch is closed;
    /// the caller makes them when they are full, and before the block is released.
    FrameCopies copies() {
        return copies;
    }

    /// Whether any packets can be appended that take `blockBytes` with their ring headers, without
    /// running out of batches.
    ///
    /// A batch is taken by the first packet for a partition, and whenever a packet does not fit,
    /// but never more than one for each packet. In every partition the batch that is open may be
    /// closed by the first packet that comes, however little the block brings: one for each
    /// partition. Any further batch that is closed holds packets of this block alone and, with the
    /// packet that did not fit, more than a batch; as a packet takes less room in a batch than in
    /// the ring, that makes two for each batch's worth of bytes.
    public boolean hasRoomFor(int blockBytes, int packetCount) {
        int mostTaken = open.length + mostClosedBy(blockBytes, pool.batchBytes());
        return pool.available() >= Math.min(packetCount, mostTaken);
    }

    /// Most batches that packets of so many bytes can close for want of room.
    static int mostClosedBy(int blockBytes, int batchBytes) {
        return 2 * (blockBytes / (batchBytes - EncodedBatch.HEADER_ALLOWANCE_BYTES) + 1);
    }

    /// Appends a packet, which may close a batch and hand it over.
    ///
    /// @param source memory that holds the frame
    /// @param at where the frame begins in it
    /// @param capturedLength bytes of the frame there
    /// @param vlanTag tag to put back into the frame, see [VlanTag]; [VlanTag#NONE] for none
    /// @param timestampNs capture time, nanoseconds since 1970
    /// @param originalLength bytes on the wire, the tag counted
    /// @param packetType symbol number of PacketType
    /// @param flags bits of [PacketFlags]
    /// @param partition partition that the packet is for
    /// @param nowNs monotonic time, for the age of batches
    public void append(
            MemorySegment source,
            long at,
            int capturedLength,
            long vlanTag,
            long timestampNs,
            long originalLength,
            int packetType,
            int flags,
            int partition,
            long nowNs) {
        append(
                source,
                at,
                capturedLength,
                vlanTag,
                timestampNs,
                originalLength,
                packetType,
                flags,
                partition,
                nowNs,
                null);
    }

    /// The same with a copy that may be put off.
    ///
    /// @param source any memory, or, where copies are put off, that of all addresses
    /// @param putOff the [#copies] of this encoder, as nobody else's are made before a batch is
    ///   closed; or null for a copy that is made at once
    void append(
            MemorySegment source,
            long at,
            int capturedLength,
            long vlanTag,
            long timestampNs,
            long originalLength,
            int packetType,
            int flags,
            int partition,
            long nowNs,
            @Nullable FrameCopies putOff) {
        int length = keptLength(capturedLength + VlanTag.lengthOf(vlanTag));
        EncodedBatch batch = open[partition];
        int allFlags = flags;
        if (batch == null || !batch.belongsTo(prefix) || !batch.hasRoom(length)) {
            batch = replace(partition, batch, nowNs);
            if (!batch.hasRoom(length)) {
                int fitting = Math.min(length, maxDataBytes());
                if (fitting < length) {
                    counters.cut(1, length - fitting);
                    allFlags |= PacketFlags.CUT;
                    length = fitting;
                }
                batch.growFor(length);
            }
        }
        batch.append(
                source,
                at,
                length,
                vlanTag,
                nextLaneNumber++,
                timestampNs,
                originalLength,
                packetType,
                allFlags,
                putOff);
    }

    /// Tells the publisher of batches that packets have filled. To be called after a block's
    /// packets, or at least before the caller waits.
    public void announce() {
        pool.announce();
    }

    /// Closes the batches that were opened before a time, and tells the ledger what is still open.
    ///
    /// @param beforeNs monotonic time
    public void closeOpenedBefore(long beforeNs) {
        long pendingPackets = 0;
        long pendingBytes = 0;
        for (int partition = 0; openCount > 0 && partition < open.length; partition++) {
            EncodedBatch batch = open[partition];
            if (batch == null) {
                continue;
            }
            if (batch.openedAtNs() - beforeNs < 0) {
                close(partition, batch);
            } else {
                pendingPackets += batch.packetCount();
                pendingBytes += batch.dataBytes();
            }
        }
        pool.announce();
        counters.pending(pendingPackets, pendingBytes);
    }

    /// Closes every open batch.
    public void closeAll() {
        for (int partition = 0; partition < open.length; partition++) {
            EncodedBatch batch = open[partition];
            if (batch != null) {
                close(partition, batch);
            }
        }
        pool.announce();
        counters.pending(0, 0);
    }

    private EncodedBatch replace(int partition, @Nullable EncodedBatch full, long nowNs) {
        if (full != null) {
            close(partition, full);
        }
        return open(partition, nowNs);
    }

    private EncodedBatch open(int partition, long nowNs) {
        EncodedBatch batch = pool.take();
        batch.open(lane, partition, nextPacketNumber[partition], prefix, nowNs);
        open[partition] = batch;
        openCount++;
        return batch;
    }

    private void close(int partition, EncodedBatch batch) {
        copies.make();
        batch.close();
        open[partition] = null;
        openCount--;
        nextPacketNumber[partition] += batch.packetCount();
        counters.published(batch.packetCount(), batch.dataBytes());
        pool.handOver(batch);
    }

    private int maxDataBytes() {
        return EncodedBatch.maxDataBytes(maxValueBytes, headerRoom);
    }
}
