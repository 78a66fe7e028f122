package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.linux.Structs.SOCKADDR_LL;
import static dev.ringtail.sensor.linux.Structs.TPACKET2_HDR;
import static dev.ringtail.sensor.linux.Structs.TPACKET3_HDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The reader's side of a TPACKET_V2 ring: slots of one packet each, which the kernel hands over as
/// soon as it has filled them.
///
/// A slot begins with `tp_status`, which goes back and forth between kernel and reader as
/// [BlockRing]'s `block_status` does. The reader turns the rest of the V2 header into a V3 header
/// in place, 16 bytes further, so that everything behind reads both rings the same way;
/// PACKET_RESERVE makes the room for that:
///
/// ```text
///         0          16                  52          64              84       98 or 112
/// kernel  status … tpacket2_hdr, sockaddr_ll at 32   │               │        │ frame …
/// reader  status     tpacket3_hdr ───────────────────┤ sockaddr_ll ──┤        │ frame …
/// ```
///
/// A frame larger than its slot is cut by the kernel, which puts a whole copy into the socket's
/// queue while that has room (PACKET_COPY_THRESH, TP_STATUS_COPY). Slot and copy are assigned under
/// one lock (`tpacket_rcv`), so copies come in the order of their slots; the reader presents the
/// copy in place of the slot. Where there is none, the status of what it presents has
/// TP_STATUS_COPY: the frame was cut by its slot.
///
/// Before Linux 5.6 two processors could be given the same slot when the ring wraps around
/// (`rx_owner_map` mends it), so older kernels are not for this.
public final class SlotRing implements RingReader {
    /// Room that the slot needs before the frame beyond what the kernel leaves (PACKET_RESERVE).
    static final int RESERVE_BYTES = 32;

    private static final VarHandle STATUS = JAVA_INT.varHandle();
    private static final int TP_STATUS_KERNEL = 0;
    private static final int HEADER_SHIFT = 16;
    private static final long ADDRESS_BYTES = SOCKADDR_LL.byteSize();
    private static final int COPY_DATA_OFFSET = 96;

    private static final long ORIGINAL_LENGTH = offsetOf(TPACKET2_HDR, "tp_len");
    private static final long CAPTURED_LENGTH = offsetOf(TPACKET2_HDR, "tp_snaplen");
    private static final long DATA = offsetOf(TPACKET2_HDR, "tp_mac");
    private static final long NETWORK = offsetOf(TPACKET2_HDR, "tp_net");
    private static final long SECONDS = offsetOf(TPACKET2_HDR, "tp_sec");
    private static final long NANOSECONDS = offsetOf(TPACKET2_HDR, "tp_nsec");
    private static final long VLAN_TCI = offsetOf(TPACKET2_HDR, "tp_vlan_tci");
    private static final long VLAN_TPID = offsetOf(TPACKET2_HDR, "tp_vlan_tpid");

    /// Where the whole of a frame comes from that is larger than its slot.
    @FunctionalInterface
    interface OversizedFrames {
        /// Takes the next such frame, cut to the buffer.
        ///
        /// @return bytes of the frame, which may be more than the buffer has; -1 where there is
        ///   none
        long receive(MemorySegment buffer);
    }

    private final MemorySegment slots;
    private final int slotBytes;
    private final long slotCount;
    private final OversizedFrames oversized;
    private final MemorySegment copy;
    private final MemorySegment copyRoom;

    private long slotIndex;
    private boolean held;
    private MemorySegment memory;
    private long blockOffset;
    private long blockEnd;
    private long header;

    /// @param slots exactly [RingGeometry#lengthBytes] bytes, 16-byte aligned
    /// @param copy a block's bytes for one oversized frame, 8-byte aligned
    SlotRing(
            MemorySegment slots,
            RingGeometry geometry,
            OversizedFrames oversized,
            MemorySegment copy) {
        this.slots = slots;
        this.slotBytes = geometry.slotBytes();
        this.slotCount = geometry.lengthBytes() / slotBytes;
        this.oversized = oversized;
        this.copy = copy;
        this.copyRoom = copy.asSlice(COPY_DATA_OFFSET);
        this.memory = slots;
    }

    @Override
    public boolean acquire() {
        if (held) {
            return true;
        }
        long slot = slotIndex * slotBytes;
        int status = (int) STATUS.getAcquire(slots, slot);
        if ((status & PacketConstants.TP_STATUS_USER) == 0) {
            return false;
        }
        int dataOffset = slots.get(JAVA_SHORT, slot + DATA) & 0xffff;
        int capturedLength = slots.get(JAVA_INT, slot + CAPTURED_LENGTH);
        int originalLength = slots.get(JAVA_INT, slot + ORIGINAL_LENGTH);
        boolean cut =
                dataOffset + capturedLength == slotBytes
                        && Integer.compareUnsigned(originalLength, capturedLength) > 0;
        long copied =
                (status & PacketConstants.TP_STATUS_COPY) == 0 ? -1 : oversized.receive(copyRoom);
        int statusTold = status & ~PacketConstants.TP_STATUS_COPY;
        if (copied >= 0) {
            present(copy, 0, copy.byteSize(), 0);
            int whole = (int) Math.min(copied, copyRoom.byteSize());
            writeHeader(slot, statusTold, whole, COPY_DATA_OFFSET);
        } else {
            present(slots, slot, slot + slotBytes, slot + HEADER_SHIFT);
            writeHeader(
                    slot,
                    cut ? statusTold | PacketConstants.TP_STATUS_COPY : statusTold,
                    capturedLength,
                    dataOffset - HEADER_SHIFT);
        }
        held = true;
        return true;
    }

    private void present(MemorySegment segment, long start, long end, long headerOffset) {
        memory = segment;
        blockOffset = start;
        blockEnd = end;
        header = headerOffset;
    }

    /// Writes the V3 header; over the V2 header, where the frame is read from its slot.
    private void writeHeader(long slot, int status, int capturedLength, int dataOffset) {
        int originalLength = slots.get(JAVA_INT, slot + ORIGINAL_LENGTH);
        int linkHeaderBytes =
                (slots.get(JAVA_SHORT, slot + NETWORK) & 0xffff)
                        - (slots.get(JAVA_SHORT, slot + DATA) & 0xffff);
        int seconds = slots.get(JAVA_INT, slot + SECONDS);
        int nanoseconds = slots.get(JAVA_INT, slot + NANOSECONDS);
        int vlanTci = slots.get(JAVA_SHORT, slot + VLAN_TCI) & 0xffff;
        short vlanTpid = slots.get(JAVA_SHORT, slot + VLAN_TPID);
        MemorySegment.copy(
                slots,
                slot + TPACKET2_HDR.byteSize(),
                memory,
                header + TPACKET3_HDR.byteSize(),
                ADDRESS_BYTES);
        memory.set(JAVA_INT, header + FrameHeader.NEXT_OFFSET, 0);
        memory.set(JAVA_INT, header + FrameHeader.SECONDS, seconds);
        memory.set(JAVA_INT, header + FrameHeader.NANOSECONDS, nanoseconds);
        memory.set(JAVA_INT, header + FrameHeader.CAPTURED_LENGTH, capturedLength);
        memory.set(JAVA_INT, header + FrameHeader.ORIGINAL_LENGTH, originalLength);
        memory.set(JAVA_INT, header + FrameHeader.STATUS, status);
        memory.set(JAVA_SHORT, header + FrameHeader.DATA, (short) dataOffset);
        memory.set(
                JAVA_SHORT, header + FrameHeader.NETWORK, (short) (dataOffset + linkHeaderBytes));
        memory.set(JAVA_INT, header + FrameHeader.VLAN_TCI, vlanTci);
        memory.set(JAVA_SHORT, header + FrameHeader.VLAN_TPID, vlanTpid);
    }

    @Override
    public void release() {
        STATUS.setRelease(slots, slotIndex * slotBytes, TP_STATUS_KERNEL);
        slotIndex = slotIndex + 1 == slotCount ? 0 : slotIndex + 1;
        held = false;
    }

    @Override
    public long blockStart() {
        return memory.address() + blockOffset;
    }

    @Override
    public long blockEnd() {
        return memory.address() + blockEnd;
    }

    @Override
    public int packetCount() {
        return 1;
    }

    @Override
    public long firstPacket() {
        return memory.address() + header;
    }

    @Override
    public int blockBytes() {
        return slotBytes;
    }
}
