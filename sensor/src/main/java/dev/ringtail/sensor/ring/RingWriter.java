package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.linux.Structs.TPACKET_BLOCK_DESC;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The kernel's side of the block protocol, for memory that no kernel writes to: it warms up the
/// reading code before a capture begins, and stands in for the kernel in tests and benchmarks.
///
/// Lays frames out as `tpacket_rcv` does: header, address, padding, frame at offset 82, next header
/// aligned to 8 bytes. One thread at a time; another may read the ring meanwhile.
public final class RingWriter {
    private static final VarHandle STATUS = JAVA_INT.varHandle();
    private static final long BLOCK_STATUS = offsetOf(TPACKET_BLOCK_DESC, "block_status");
    private static final int BLOCK_HEADER_BYTES = (int) TPACKET_BLOCK_DESC.byteSize();
    private static final int DATA_OFFSET = 82;
    private static final int ALIGNMENT = 8;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final MemorySegment memory;
    private final int blockBytes;
    private final int blockCount;

    private int blockIndex;
    private long sequence = 1;
    private int packetCount;
    private int used = BLOCK_HEADER_BYTES;
    private long lastHeader = -1;

    /// @param memory as for [BlockRing]
    public RingWriter(MemorySegment memory, RingGeometry geometry) {
        this.memory = memory;
        this.blockBytes = geometry.blockBytes();
        this.blockCount = geometry.blockCount();
    }

    /// Whether the block that is to be filled next belongs to the writer.
    public boolean writable() {
        return (int) STATUS.getAcquire(memory, blockStart() + BLOCK_STATUS) == 0;
    }

    /// Adds a packet to the open block.
    ///
    /// @return false where the block has no room for it; nothing was written then
    public boolean add(SyntheticFrame frame) {
        int needed = align(DATA_OFFSET + frame.data().length);
        if (used + needed > blockBytes) {
            return false;
        }
        long header = blockStart() + used;
        if (lastHeader >= 0) {
            memory.set(JAVA_INT, lastHeader + FrameHeader.NEXT_OFFSET, (int) (header - lastHeader));
        }
        memory.set(JAVA_INT, header + FrameHeader.NEXT_OFFSET, 0);
        memory.set(
                JAVA_INT,
                header + FrameHeader.SECONDS,
                (int) (frame.timestampNs() / NS_PER_SECOND));
        memory.set(
                JAVA_INT,
                header + FrameHeader.NANOSECONDS,
                (int) (frame.timestampNs() % NS_PER_SECOND));
        memory.set(JAVA_INT, header + FrameHeader.CAPTURED_LENGTH, frame.data().length);
        memory.set(JAVA_INT, header + FrameHeader.ORIGINAL_LENGTH, (int) frame.originalLength());
        memory.set(JAVA_INT, header + FrameHeader.STATUS, frame.status());
        memory.set(JAVA_SHORT, header + FrameHeader.DATA, (short) DATA_OFFSET);
        memory.set(JAVA_INT, header + FrameHeader.VLAN_TCI, frame.vlanTci());
        memory.set(JAVA_SHORT, header + FrameHeader.VLAN_TPID, (short) frame.vlanTpid());
        memory.set(JAVA_BYTE, header + FrameHeader.PACKET_TYPE, (byte) frame.packetType());
        MemorySegment.copy(
                frame.data(), 0, memory, JAVA_BYTE, header + DATA_OFFSET, frame.data().length);
        lastHeader = header;
        used += needed;
        packetCount++;
        return true;
    }

    /// Closes the open block and hands it to the reader; the next block is open then.
    public void closeBlock() {
        long start = blockStart();
        memory.set(JAVA_INT, start + offsetOf(TPACKET_BLOCK_DESC, "num_pkts"), packetCount);
        memory.set(
                JAVA_INT,
                start + offsetOf(TPACKET_BLOCK_DESC, "offset_to_first_pkt"),
                BLOCK_HEADER_BYTES);
        memory.set(JAVA_INT, start + offsetOf(TPACKET_BLOCK_DESC, "blk_len"), used);
        memory.set(JAVA_LONG, start + offsetOf(TPACKET_BLOCK_DESC, "seq_num"), sequence++);
        STATUS.setRelease(memory, start + BLOCK_STATUS, PacketConstants.TP_STATUS_USER);
        blockIndex = (blockIndex + 1) % blockCount;
        packetCount = 0;
        used = BLOCK_HEADER_BYTES;
        lastHeader = -1;
    }

    private long blockStart() {
        return (long) blockIndex * blockBytes;
    }

    private static int align(int bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
