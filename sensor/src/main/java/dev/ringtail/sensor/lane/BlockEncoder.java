package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.FrameHeader;

import java.lang.foreign.MemorySegment;

/// The inner loop of a lane: every packet of a ring block, from the kernel's header to the batch of
/// its partition, or into the ledger as excluded or malformed.
///
/// Reads nothing outside the block, whatever its headers say. Lane thread only; allocates nothing.
public final class BlockEncoder {
    private static final int UNKNOWN_PACKET_TYPE = 5;

    /// Reason in the ledger: the lane had to end while no batch was free.
    private static final String SHED_AT_STOP = "stopped";

    private final BatchEncoder batches;
    private final LaneCounters counters;
    private final OwnTrafficMatcher ownTraffic;
    private final boolean keepOutgoing;
    private final int linkType;
    private final int partitionCount;
    private final FrameParser frame = new FrameParser();

    private boolean shedding;
    private int malformedPackets;
    private int shedPackets;
    private long shedBytes;
    private int ownPackets;
    private int outgoingPackets;
    private long ownBytes;
    private long outgoingBytes;

    /// @param linkType LINKTYPE_* value of the interface
    /// @param keepOutgoing false where outgoing packets are left out, as on loopback, where each is
    ///   seen coming in as well
    public BlockEncoder(
            BatchEncoder batches,
            LaneCounters counters,
            OwnTrafficMatcher ownTraffic,
            int linkType,
            int partitionCount,
            boolean keepOutgoing) {
        this.batches = batches;
        this.counters = counters;
        this.ownTraffic = ownTraffic;
        this.linkType = linkType;
        this.partitionCount = partitionCount;
        this.keepOutgoing = keepOutgoing;
    }

    /// Encodes the acquired block; ask [BatchEncoder#hasRoomFor] first.
    ///
    /// @param nowNs monotonic time
    public void encode(BlockRing block, long nowNs) {
        MemorySegment ring = block.memory();
        long blockStart = block.blockOffset();
        long blockEnd = block.blockEnd();
        int packetCount = block.packetCount();
        long receivedBytes = 0;
        long header = block.firstPacket();
        malformedPackets = 0;
        for (int i = 0; i < packetCount; i++) {
            if (!FrameHeader.fits(ring, header, blockStart, blockEnd)) {
                malformedPackets = packetCount - i;
                break;
            }
            receivedBytes += encodePacket(ring, header, nowNs);
            header = FrameHeader.next(ring, header, blockEnd);
        }
        settle(packetCount, receivedBytes);
    }

    /// Counts every packet of the acquired block as received and shed, for a lane that has to end
    /// without a free batch.
    public void shed(BlockRing block) {
        shedding = true;
        encode(block, 0);
        shedding = false;
    }

    /// @return bytes that are kept of the packet, a restored VLAN tag counted
    private int encodePacket(MemorySegment ring, long header, long nowNs) {
        int status = FrameHeader.status(ring, header);
        int capturedLength = FrameHeader.capturedLength(ring, header);
        long data = FrameHeader.data(ring, header);
        int packetType = FrameHeader.packetType(ring, header);
        long vlanTag = VlanTag.takenFrom(ring, header);
        int tagBytes = VlanTag.lengthOf(vlanTag);
        int bytes = batches.keptLength(capturedLength + tagBytes);
        if (shedding) {
            shedPackets++;
            shedBytes += bytes;
            return bytes;
        }
        if (packetType == PacketConstants.PACKET_OUTGOING && !keepOutgoing) {
            outgoingPackets++;
            outgoingBytes += bytes;
            return bytes;
        }
        frame.parse(ring, data, capturedLength, linkType);
        if (ownTraffic.matches(frame)) {
            ownPackets++;
            ownBytes += bytes;
            return bytes;
        }
        batches.append(
                ring,
                data,
                capturedLength,
                vlanTag,
                FrameHeader.timestampNs(ring, header),
                FrameHeader.originalLength(ring, header) + tagBytes,
                Math.min(packetType, UNKNOWN_PACKET_TYPE),
                flags(status, tagBytes),
                FlowPartitioner.partition(frame, linkType, partitionCount),
                nowNs);
        return bytes;
    }

    private static int flags(int status, int tagBytes) {
        int flags = tagBytes == 0 ? 0 : PacketFlags.VLAN_RESTORED;
        if ((status & PacketConstants.TP_STATUS_CSUMNOTREADY) != 0) {
            flags |= PacketFlags.CHECKSUM_NOT_READY;
        }
        if ((status & PacketConstants.TP_STATUS_CSUM_VALID) != 0) {
            flags |= PacketFlags.CHECKSUM_VALID;
        }
        if ((status & PacketConstants.TP_STATUS_GSO_TCP) != 0) {
            flags |= PacketFlags.GSO;
        }
        return flags | timestampSource(status) << PacketFlags.TIMESTAMP_SOURCE_SHIFT;
    }

    private static int timestampSource(int status) {
        if ((status & PacketConstants.TP_STATUS_TS_RAW_HARDWARE) != 0) {
            return PacketFlags.HARDWARE;
        }
        return (status & PacketConstants.TP_STATUS_TS_SOFTWARE) != 0
                ? PacketFlags.KERNEL_RECEIVE
                : PacketFlags.KERNEL_RING;
    }

    private void settle(int packetCount, long receivedBytes) {
        counters.received(packetCount, receivedBytes);
        if (malformedPackets > 0) {
            counters.malformed(malformedPackets, 0);
        }
        if (shedPackets > 0) {
            counters.shed(SHED_AT_STOP, shedPackets, shedBytes);
            shedPackets = 0;
            shedBytes = 0;
        }
        if (ownPackets > 0) {
            counters.excludedOwnTraffic(ownPackets, ownBytes);
            ownPackets = 0;
            ownBytes = 0;
        }
        if (outgoingPackets > 0) {
            counters.excludedOutgoing(outgoingPackets, outgoingBytes);
            outgoingPackets = 0;
            outgoingBytes = 0;
        }
    }
}
