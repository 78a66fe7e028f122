package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.linux.Structs.SOCKADDR_LL;
import static dev.ringtail.sensor.linux.Structs.TPACKET2_HDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The kernel's side of a V2 ring, for memory that no kernel writes to, as `tpacket_rcv` lays a
/// frame out with 32 bytes reserved: header, address, padding, frame at offset 98, cut to its slot.
final class SlotWriter {
    private static final VarHandle STATUS = JAVA_INT.varHandle();
    private static final int DATA_OFFSET = 98;
    private static final int LINK_HEADER_BYTES = 14;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final MemorySegment memory;
    private final RingGeometry geometry;
    private long slotIndex;

    SlotWriter(MemorySegment memory, RingGeometry geometry) {
        this.memory = memory;
        this.geometry = geometry;
    }

    /// Fills the next slot and hands it over.
    ///
    /// @return false where the reader still has it; nothing was written then
    boolean add(SyntheticFrame frame) {
        long slot = slotIndex * geometry.slotBytes();
        if ((int) STATUS.getAcquire(memory, slot) != 0) {
            return false;
        }
        int length = Math.min(frame.data().length, geometry.slotBytes() - DATA_OFFSET);
        putInt(slot, "tp_len", (int) frame.originalLength());
        putInt(slot, "tp_snaplen", length);
        putShort(slot, "tp_mac", DATA_OFFSET);
        putShort(slot, "tp_net", DATA_OFFSET + LINK_HEADER_BYTES);
        putInt(slot, "tp_sec", (int) (frame.timestampNs() / NS_PER_SECOND));
        putInt(slot, "tp_nsec", (int) (frame.timestampNs() % NS_PER_SECOND));
        putShort(slot, "tp_vlan_tci", frame.vlanTci());
        putShort(slot, "tp_vlan_tpid", frame.vlanTpid());
        memory.set(
                JAVA_BYTE,
                slot + TPACKET2_HDR.byteSize() + offsetOf(SOCKADDR_LL, "sll_pkttype"),
                (byte) frame.packetType());
        MemorySegment.copy(frame.data(), 0, memory, JAVA_BYTE, slot + DATA_OFFSET, length);
        STATUS.setRelease(memory, slot, frame.status() | PacketConstants.TP_STATUS_USER);
        slotIndex = (slotIndex + 1) % (geometry.lengthBytes() / geometry.slotBytes());
        return true;
    }

    private void putInt(long slot, String member, int value) {
        memory.set(JAVA_INT, slot + offsetOf(TPACKET2_HDR, member), value);
    }

    private void putShort(long slot, String member, int value) {
        memory.set(JAVA_SHORT, slot + offsetOf(TPACKET2_HDR, member), (short) value);
    }
}
