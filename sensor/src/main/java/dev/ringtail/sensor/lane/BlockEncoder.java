package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.FlowHash;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.BpfMachine;
import dev.ringtail.sensor.ring.CookedHeader;
import dev.ringtail.sensor.ring.FrameHeader;
import dev.ringtail.sensor.ring.RingReader;

import org.jspecify.annotations.Nullable;

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
    private final PacketRules rules;
    private final int linkType;
    private final boolean cooked;
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
    private int stalePackets;
    private long staleBytes;
    private int sampledOutPackets;
    private long sampledOutBytes;
    private int cutPackets;
    private long cutBytes;
    private @Nullable BpfMachine recheck;

    /// @param linkType LINKTYPE_* value of the packets; LINUX_SLL2 where they come without link
    ///   header, and get one of that type here
    /// @param rules which packets are kept, and how much of them
    public BlockEncoder(
            BatchEncoder batches,
            LaneCounters counters,
            OwnTrafficMatcher ownTraffic,
            int linkType,
            int partitionCount,
            PacketRules rules) {
        this.batches = batches;
        this.counters = counters;
        this.ownTraffic = ownTraffic;
        this.linkType = linkType;
        this.cooked = linkType == LinkType.LINUX_SLL2;
        this.partitionCount = partitionCount;
        this.rules = rules;
    }

    /// Runs a filter over each packet from now on and leaves out, as stale, what it refuses.
    ///
    /// @param filter null for no more
    void recheck(@Nullable BpfMachine filter) {
        recheck = filter;
    }

    /// Encodes the acquired block; ask [BatchEncoder#hasRoomFor] first.
    ///
    /// @param nowNs monotonic time
    public void encode(RingReader block, long nowNs) {
        encode(block, block.packetCount(), nowNs);
    }

    /// Encodes the first packets of the acquired block.
    ///
    /// @param packetCount how many, at most the block's
    /// @param nowNs monotonic time
    void encode(RingReader block, int packetCount, long nowNs) {
        MemorySegment ring = block.memory();
        long blockStart = block.blockOffset();
        long blockEnd = block.blockEnd();
        long receivedBytes = 0;
        long header = block.firstPacket();
        malformedPackets = 0;
        for (int i = 0; i < packetCount; i++) {
            if (!FrameHeader.fits(ring, header, blockStart, blockEnd)
                    || cooked && !CookedHeader.fits(ring, header)) {
                malformedPackets = packetCount - i;
                break;
            }
            receivedBytes += encodePacket(ring, header, nowNs);
            header = FrameHeader.next(ring, header, blockEnd);
        }
        settle(packetCount, receivedBytes);
    }

    /// Counts the first packets of the acquired block as received and shed, for a lane that has to
    /// end without a free batch.
    ///
    /// @param packetCount how many, at most the block's
    void shed(RingReader block, int packetCount) {
        shedding = true;
        encode(block, packetCount, 0);
        shedding = false;
    }

    /// @return bytes that are kept of the packet, a restored VLAN tag counted
    private int encodePacket(MemorySegment ring, long header, long nowNs) {
        int status = FrameHeader.status(ring, header);
        int capturedLength = FrameHeader.capturedLength(ring, header);
        long data = FrameHeader.data(ring, header);
        long originalLength = FrameHeader.originalLength(ring, header);
        int packetType = FrameHeader.packetType(ring, header);
        long vlanTag = VlanTag.NONE;
        if (cooked) {
            int prepended = CookedHeader.prepend(ring, header, status);
            data -= prepended;
            capturedLength += prepended;
            originalLength += prepended;
        } else {
            vlanTag = VlanTag.takenFrom(ring, header);
        }
        int tagBytes = VlanTag.lengthOf(vlanTag);
        int bytes = batches.keptLength(capturedLength + tagBytes);
        if (shedding) {
            shedPackets++;
            shedBytes += bytes;
            return bytes;
        }
        if (packetType == PacketConstants.PACKET_OUTGOING && !rules.keepOutgoing()) {
            outgoingPackets++;
            outgoingBytes += bytes;
            return bytes;
        }
        if (recheck != null && recheck.run(ring, header) == 0) {
            stalePackets++;
            staleBytes += bytes;
            return bytes;
        }
        frame.parse(ring, data, capturedLength, linkType);
        if (ownTraffic.matches(frame)) {
            ownPackets++;
            ownBytes += bytes;
            return bytes;
        }
        int flowHash = FlowPartitioner.hash(frame, linkType);
        if (!FlowSampler.keeps(flowHash, rules.sampledOneIn())) {
            sampledOutPackets++;
            sampledOutBytes += bytes;
            return bytes;
        }
        int flags = flags(status, vlanTag);
        int length = capturedLength;
        if (rules.headersOnly() && frame.headersLength() < capturedLength) {
            length = frame.headersLength();
            cutBytes += bytes - batches.keptLength(length + tagBytes);
            flags |= PacketFlags.CUT;
        }
        if ((flags & PacketFlags.CUT) != 0) {
            cutPackets++;
        }
        batches.append(
                ring,
                data,
                length,
                vlanTag,
                FrameHeader.timestampNs(ring, header),
                originalLength + tagBytes,
                Math.min(packetType, UNKNOWN_PACKET_TYPE),
                flags,
                FlowHash.partition(flowHash, partitionCount),
                nowNs);
        return bytes;
    }

    private int flags(int status, long vlanTag) {
        int flags = 0;
        if (vlanTag >= 0 || cooked && (status & PacketConstants.TP_STATUS_VLAN_VALID) != 0) {
            flags |= PacketFlags.VLAN_RESTORED;
        }
        if ((status & PacketConstants.TP_STATUS_COPY) != 0) {
            // Only a V2 ring says so: the frame was larger than its slot. What the kernel cut was
            // not received, so there are no bytes to account for.
            flags |= PacketFlags.CUT;
        }
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
        if (stalePackets > 0) {
            counters.excludedStaleFilter(stalePackets, staleBytes);
            stalePackets = 0;
            staleBytes = 0;
        }
        if (sampledOutPackets > 0) {
            counters.excludedSampledOut(sampledOutPackets, sampledOutBytes);
            sampledOutPackets = 0;
            sampledOutBytes = 0;
        }
        if (cutPackets > 0) {
            counters.cut(cutPackets, cutBytes);
            cutPackets = 0;
            cutBytes = 0;
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
