package dev.ringtail.sensor.lane;

import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.pcap.frame.PlainIpv4;
import dev.ringtail.schema.FlowHash;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.BpfMachine;
import dev.ringtail.sensor.ring.CookedHeader;
import dev.ringtail.sensor.ring.FrameView;
import dev.ringtail.sensor.ring.RingReader;

import org.jspecify.annotations.Nullable;

/// The inner loop of a lane: every packet of a ring block, from the kernel's header to the batch of
/// its partition, or into the ledger as excluded or malformed.
///
/// Reads nothing outside the block, whatever its headers say. Lane thread only; allocates nothing.
public final class BlockEncoder {
    private static final int UNKNOWN_PACKET_TYPE = 5;

    /// What keeps a packet from the short way: a tag to put back, or bytes that the slot had no
    /// room for.
    private static final int UNUSUAL =
            PacketConstants.TP_STATUS_VLAN_VALID | PacketConstants.TP_STATUS_COPY;

    /// Reason in the ledger: the lane had to end while no batch was free.
    private static final String SHED_AT_STOP = "stopped";

    private final BatchEncoder batches;
    private final FrameCopies copies;
    private final LaneCounters counters;
    private final OwnTrafficMatcher ownTraffic;
    private final PacketRules rules;
    private final int linkType;
    private final boolean cooked;
    private final int partitionCount;
    private final FrameView frame = new FrameView();
    private final FrameParser headers = new FrameParser();

    private boolean takesShortWay;
    private boolean shedding;
    private int shedPackets;
    private long shedBytes;
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
        this.copies = batches.copies();
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
        takesShortWay = takesShortWay();
        long blockStart = block.blockStart();
        long blockEnd = block.blockEnd();
        long receivedBytes = 0;
        long header = block.firstPacket();
        int encoded = 0;
        while (encoded < packetCount
                && frame.read(header, blockStart, blockEnd)
                && !(cooked && !CookedHeader.fits(frame.header()))) {
            receivedBytes += encodePacket(nowNs);
            header = frame.next();
            if (copies.isFull()) {
                copies.make(header, blockEnd);
            }
            encoded++;
        }
        copies.make();
        batches.announce();
        counters.received(packetCount, receivedBytes);
        if (encoded < packetCount) {
            counters.malformed(packetCount - encoded, 0);
        }
    }

    /// Counts the first packets of the acquired block as received and shed, for a lane that has to
    /// end without a free batch.
    ///
    /// @param packetCount how many, at most the block's
    void shed(RingReader block, int packetCount) {
        shedding = true;
        encode(block, packetCount, 0);
        shedding = false;
        if (shedPackets > 0) {
            counters.shed(SHED_AT_STOP, shedPackets, shedBytes);
        }
        shedPackets = 0;
        shedBytes = 0;
    }

    /// Whether the present rules allow the short way for plain packets.
    private boolean takesShortWay() {
        return linkType == LinkType.ETHERNET
                && !rules.headersOnly()
                && rules.sampledOneIn() == 1
                && recheck == null
                && !shedding;
    }

    /// Nearly all packets take the short way, with the same result: it costs two thirds of the
    /// other.
    ///
    /// @return bytes that are kept of the packet, a restored VLAN tag counted
    private int encodePacket(long nowNs) {
        if (takesShortWay && isUsual()) {
            int protocol = PlainIpv4.protocol(MEMORY, frame.data(), frame.capturedLength());
            if (protocol != PlainIpv4.NONE) {
                return encodePlain(protocol, nowNs);
            }
        }
        return encodeAny(nowNs);
    }

    private boolean isUsual() {
        return (frame.status() & UNUSUAL) == 0
                && (frame.packetType() != PacketConstants.PACKET_OUTGOING || rules.keepOutgoing());
    }

    private int encodePlain(int protocol, long nowNs) {
        long data = frame.data();
        int capturedLength = frame.capturedLength();
        long addresses = PlainIpv4.addresses(MEMORY, data);
        int source = (int) (addresses >>> Integer.SIZE);
        int destination = (int) addresses;
        int ports = PlainIpv4.ports(MEMORY, data);
        int sourcePort = ports >>> Short.SIZE;
        int destinationPort = ports & 0xffff;
        int bytes = batches.keptLength(capturedLength);
        if (protocol == PlainIpv4.TCP
                && ownTraffic.matches4(source, destination, sourcePort, destinationPort)) {
            counters.excluded(LaneTerm.EXCLUDED_OWN_TRAFFIC, 1, bytes);
            return bytes;
        }
        int flowHash = FlowHash.ipv4(source, destination, sourcePort, destinationPort, protocol);
        batches.append(
                MEMORY,
                data,
                capturedLength,
                VlanTag.NONE,
                frame.timestampNs(),
                frame.originalLength(),
                Math.min(frame.packetType(), UNKNOWN_PACKET_TYPE),
                commonFlags(frame.status()),
                FlowHash.partition(flowHash, partitionCount),
                nowNs,
                copies);
        return bytes;
    }

    private int encodeAny(long nowNs) {
        long data = frame.data();
        int capturedLength = frame.capturedLength();
        long originalLength = frame.originalLength();
        long vlanTag = VlanTag.NONE;
        if (cooked) {
            int prepended = CookedHeader.prepend(frame.header(), frame.status());
            data -= prepended;
            capturedLength += prepended;
            originalLength += prepended;
        } else {
            vlanTag = VlanTag.takenFrom(frame);
        }
        int tagBytes = VlanTag.lengthOf(vlanTag);
        int bytes = batches.keptLength(capturedLength + tagBytes);
        if (shedding) {
            shedPackets++;
            shedBytes += bytes;
            return bytes;
        }
        if (isLeftOut(data, capturedLength, bytes)) {
            return bytes;
        }
        int flowHash = FlowPartitioner.hash(headers, linkType);
        if (!FlowSampler.keeps(flowHash, rules.sampledOneIn())) {
            counters.excluded(LaneTerm.EXCLUDED_SAMPLED_OUT, 1, bytes);
            return bytes;
        }
        keep(data, capturedLength, vlanTag, originalLength, bytes, flowHash, nowNs);
        return bytes;
    }

    /// Whether a packet is left out, whatever flow it belongs to, and then counts it; parses it if
    /// not.
    private boolean isLeftOut(long data, int capturedLength, int bytes) {
        if (frame.packetType() == PacketConstants.PACKET_OUTGOING && !rules.keepOutgoing()) {
            counters.excluded(LaneTerm.EXCLUDED_OUTGOING, 1, bytes);
            return true;
        }
        if (recheck != null && recheck.run(frame.header()) == 0) {
            counters.excluded(LaneTerm.EXCLUDED_STALE_FILTER, 1, bytes);
            return true;
        }
        headers.parse(MEMORY, data, capturedLength, linkType);
        if (ownTraffic.matches(headers)) {
            counters.excluded(LaneTerm.EXCLUDED_OWN_TRAFFIC, 1, bytes);
            return true;
        }
        return false;
    }

    /// Appends a packet to the batch of its partition.
    ///
    /// It and [#isLeftOut] stand apart so that each is small enough to be compiled into the loop
    /// (`FreqInlineSize` of HotSpot: 325 bytes of code).
    private void keep(
            long data,
            int capturedLength,
            long vlanTag,
            long originalLength,
            int bytes,
            int flowHash,
            long nowNs) {
        int tagBytes = VlanTag.lengthOf(vlanTag);
        int flags = commonFlags(frame.status());
        if (vlanTag >= 0
                || cooked && (frame.status() & PacketConstants.TP_STATUS_VLAN_VALID) != 0) {
            flags |= PacketFlags.VLAN_RESTORED;
        }
        if ((frame.status() & PacketConstants.TP_STATUS_COPY) != 0) {
            // Only a V2 ring says so: the frame was larger than its slot. What the kernel cut was
            // not received, so there are no bytes to account for.
            flags |= PacketFlags.CUT;
        }
        int length = capturedLength;
        int cutBytes = 0;
        if (rules.headersOnly() && headers.headersLength() < capturedLength) {
            length = headers.headersLength();
            cutBytes = bytes - batches.keptLength(length + tagBytes);
            flags |= PacketFlags.CUT;
        }
        if ((flags & PacketFlags.CUT) != 0) {
            counters.cut(1, cutBytes);
        }
        batches.append(
                MEMORY,
                data,
                length,
                vlanTag,
                frame.timestampNs(),
                originalLength + tagBytes,
                Math.min(frame.packetType(), UNKNOWN_PACKET_TYPE),
                flags,
                FlowHash.partition(flowHash, partitionCount),
                nowNs,
                copies);
    }

    /// What the status says of checksum, segmentation and timestamp; [#keep] adds what the short
    /// way never has.
    private static int commonFlags(int status) {
        int flags = 0;
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
}
