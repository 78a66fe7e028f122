package dev.ringtail.sensor.transmit;

import static dev.ringtail.sensor.linux.Structs.TPACKET2_HDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The sender's side of the protocol of a TPACKET_V2 transmit ring.
///
/// The ring is a row of slots, one frame each. The sender fills free slots in order; the kernel
/// looks at them, in the same order, only while a send(2) is under way:
///
/// ```text
/// tp_status   AVAILABLE ──put(), store-release──► SEND_REQUEST ──send(2)──► SENDING
///                 ▲                                  │   ▲                     │
///                 │                       refused:   ▼   └── device full: stays│
///                 │                           WRONG_FORMAT                     │
///                 └──────────────── the device has done with the memory ───────┘
///
/// slots     … SENDING SENDING │ SEND_REQUEST SEND_REQUEST │ AVAILABLE …
///                              ▲ the kernel goes on here   ▲ put() goes on here
///                                └────── pending() ──────┘
///
/// struct tpacket2_hdr, 32 bytes, at the start of each slot; the frame follows right behind
///   0 tp_status   4 tp_len   8 tp_snaplen   12 tp_mac (u16)  14 tp_net (u16)
///  16 tp_sec     20 tp_nsec  24 tp_vlan_tci (u16)  26 tp_vlan_tpid (u16)  28 padding
/// ```
///
/// PACKET_LOSS is not set: with it the kernel would pass over a frame that it refuses, and nobody
/// could tell how many. Without it the kernel stays at the slot until the frame there is another:
/// [#dropHead] takes it out and closes the gap. All pending slots are the sender's while no send(2)
/// is under way, so that is safe; it copies what is pending, but is rare, since what is known to be
/// refused is not put here.
///
/// One thread, which also calls send(2). Does not own the memory. Sources: linux/if_packet.h,
/// `tpacket_snd` and `tpacket_parse_header` in net/packet/af_packet.c.
final class TransmitRing {
    private static final VarHandle STATUS = JAVA_INT.varHandle();
    private static final long STATUS_OFFSET = offsetOf(TPACKET2_HDR, "tp_status");
    private static final long LENGTH_OFFSET = offsetOf(TPACKET2_HDR, "tp_len");
    private static final long SNAP_LENGTH_OFFSET = offsetOf(TPACKET2_HDR, "tp_snaplen");
    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Beyond these the kernel may set bits that tell where a timestamp comes from.
    private static final int STATES =
            PacketConstants.TP_STATUS_SEND_REQUEST
                    | PacketConstants.TP_STATUS_SENDING
                    | PacketConstants.TP_STATUS_WRONG_FORMAT;

    /// Where in a slot the frame begins: TPACKET2_HDRLEN - sizeof(struct sockaddr_ll), which is the
    /// header, aligned to TPACKET_ALIGNMENT (16).
    static final int DATA_OFFSET = (int) TPACKET2_HDR.byteSize();

    private final MemorySegment memory;
    private final TransmitGeometry geometry;
    private final int slotCount;

    /// Count of frames ever put, less those dropped; the next one's slot is this modulo slotCount.
    private long next;

    /// Count of frames that the kernel has taken; it goes on at the slot of this.
    private long taken;

    private long takenBytes;

    /// @param memory exactly [TransmitGeometry#lengthBytes] bytes, all zero, 16-byte aligned
    TransmitRing(MemorySegment memory, TransmitGeometry geometry) {
        if (memory.byteSize() != geometry.lengthBytes()) {
            throw new IllegalArgumentException(
                    "A ring of %d bytes does not fit memory of %d bytes"
                            .formatted(geometry.lengthBytes(), memory.byteSize()));
        }
        this.memory = memory;
        this.geometry = geometry;
        this.slotCount = geometry.slotCount();
    }

    /// The largest frame that a slot can hold.
    int maxFrameBytes() {
        return geometry.maxFrameBytes();
    }

    /// Whether the next slot is free.
    boolean hasRoom() {
        return state(next) == PacketConstants.TP_STATUS_AVAILABLE;
    }

    /// Puts a frame into the next slot, for the next send(2); [#hasRoom] must be true.
    ///
    /// @param source memory that holds the frame at offset `at`
    /// @param length of the frame there, no more than fits with the tag
    /// @param vlanTag tag to put back into it, see [VlanTag]; [VlanTag#NONE] for none
    void put(MemorySegment source, long at, int length, long vlanTag) {
        long slot = slot(next);
        long data = slot + DATA_OFFSET;
        if (vlanTag < 0) {
            MemorySegment.copy(source, at, memory, data, length);
        } else {
            MemorySegment.copy(source, at, memory, data, VlanTag.OFFSET);
            long tag = data + VlanTag.OFFSET;
            memory.set(NETWORK_SHORT, tag, (short) (vlanTag >>> 16));
            memory.set(NETWORK_SHORT, tag + Short.BYTES, (short) vlanTag);
            MemorySegment.copy(
                    source,
                    at + VlanTag.OFFSET,
                    memory,
                    tag + VlanTag.BYTES,
                    length - VlanTag.OFFSET);
        }
        int wireLength = length + VlanTag.lengthOf(vlanTag);
        memory.set(JAVA_INT, slot + LENGTH_OFFSET, wireLength);
        memory.set(JAVA_INT, slot + SNAP_LENGTH_OFFSET, wireLength);
        STATUS.setRelease(memory, slot + STATUS_OFFSET, PacketConstants.TP_STATUS_SEND_REQUEST);
        next++;
    }

    /// Count of frames that were put and that the kernel has not taken yet, as of [#collect].
    int pending() {
        return (int) (next - taken);
    }

    /// Looks what the last send(2) has taken.
    ///
    /// @return count of the frames that it took; their bytes are [#takenBytes]
    int collect() {
        int count = 0;
        takenBytes = 0;
        while (taken < next) {
            int state = state(taken);
            if (state == PacketConstants.TP_STATUS_SEND_REQUEST
                    || state == PacketConstants.TP_STATUS_WRONG_FORMAT) {
                break;
            }
            takenBytes += memory.get(JAVA_INT, slot(taken) + LENGTH_OFFSET);
            taken++;
            count++;
        }
        return count;
    }

    /// Bytes of the frames that the last [#collect] found.
    long takenBytes() {
        return takenBytes;
    }

    /// Whether the kernel refuses the first pending frame.
    boolean headRefused() {
        return pending() > 0 && state(taken) == PacketConstants.TP_STATUS_WRONG_FORMAT;
    }

    /// Takes the first pending frame out; those behind it move up by one slot.
    ///
    /// @return its length in bytes
    int dropHead() {
        int dropped = memory.get(JAVA_INT, slot(taken) + LENGTH_OFFSET);
        for (long i = taken; i + 1 < next; i++) {
            long from = slot(i + 1);
            int length = memory.get(JAVA_INT, from + LENGTH_OFFSET);
            MemorySegment.copy(
                    memory,
                    from + LENGTH_OFFSET,
                    memory,
                    slot(i) + LENGTH_OFFSET,
                    DATA_OFFSET - LENGTH_OFFSET + length);
            STATUS.setRelease(
                    memory, slot(i) + STATUS_OFFSET, PacketConstants.TP_STATUS_SEND_REQUEST);
        }
        next--;
        free(next);
        return dropped;
    }

    /// Takes all pending frames out.
    ///
    /// @return their bytes
    long dropAll() {
        long bytes = 0;
        while (next > taken) {
            next--;
            bytes += memory.get(JAVA_INT, slot(next) + LENGTH_OFFSET);
            free(next);
        }
        return bytes;
    }

    private void free(long number) {
        STATUS.setRelease(
                memory, slot(number) + STATUS_OFFSET, PacketConstants.TP_STATUS_AVAILABLE);
    }

    private int state(long number) {
        return (int) STATUS.getAcquire(memory, slot(number) + STATUS_OFFSET) & STATES;
    }

    private long slot(long number) {
        return number % slotCount * geometry.slotBytes();
    }
}
