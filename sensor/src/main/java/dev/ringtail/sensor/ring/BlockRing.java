package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.linux.Structs.TPACKET_BLOCK_DESC;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The reader's side of the TPACKET_V3 block protocol.
///
/// The ring is a row of blocks of equal size. The kernel fills a block, writes its header and then
/// sets TP_STATUS_USER in `block_status`; the reader reads it and sets it back to TP_STATUS_KERNEL:
///
/// ```text
/// block_status  0 (KERNEL) ──kernel fills, store-release──► 1|flags (USER)
///               ▲                                              │ load-acquire by the reader
///               └────────────store-release by release()────────┘
///
/// struct tpacket_block_desc, 48 bytes, at the start of each block
///   0 version        4 offset_to_priv      8 block_status    12 num_pkts
///  16 offset_to_first_pkt  20 blk_len     24 seq_num (u64)   32 first stamp  40 last stamp
/// ```
///
/// Blocks are taken and given back strictly in ring order, one at a time: the kernel never looks
/// for another free block than the next. `seq_num` counts closed blocks from 1 without gaps, also
/// across drops, and is checked for each block.
///
/// One thread, the lane's. Does not own the memory. Sources: linux/if_packet.h, `prb_close_block`
/// and `prb_retire_current_block` in net/packet/af_packet.c,
/// Documentation/networking/packet_mmap.rst.
public final class BlockRing implements RingReader {
    private static final VarHandle STATUS = JAVA_INT.varHandle();
    private static final long STATUS_OFFSET = offsetOf(TPACKET_BLOCK_DESC, "block_status");
    private static final long PACKET_COUNT_OFFSET = offsetOf(TPACKET_BLOCK_DESC, "num_pkts");
    private static final long FIRST_PACKET_OFFSET =
            offsetOf(TPACKET_BLOCK_DESC, "offset_to_first_pkt");
    private static final long SEQUENCE_OFFSET = offsetOf(TPACKET_BLOCK_DESC, "seq_num");
    private static final int TP_STATUS_KERNEL = 0;

    private final MemorySegment memory;
    private final long address;
    private final int blockBytes;
    private final int blockCount;

    private int blockIndex;
    private long expectedSequence = 1;
    private long blockOffset;
    private int packetCount;
    private int firstPacketOffset;

    /// @param memory exactly [RingGeometry#lengthBytes] bytes, 8-byte aligned
    public BlockRing(MemorySegment memory, RingGeometry geometry) {
        if (memory.byteSize() != geometry.lengthBytes()) {
            throw new IllegalArgumentException(
                    "A ring of %d bytes does not fit memory of %d bytes"
                            .formatted(geometry.lengthBytes(), memory.byteSize()));
        }
        if (!memory.isNative() || memory.address() % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "A ring is read by address: its memory must be native, and aligned to 8 bytes");
        }
        this.memory = memory;
        this.address = memory.address();
        this.blockBytes = geometry.blockBytes();
        this.blockCount = geometry.blockCount();
    }

    @Override
    public boolean acquire() {
        long offset = (long) blockIndex * blockBytes;
        int status = (int) STATUS.getAcquire(memory, offset + STATUS_OFFSET);
        if ((status & PacketConstants.TP_STATUS_USER) == 0) {
            return false;
        }
        long sequence = memory.get(JAVA_LONG, offset + SEQUENCE_OFFSET);
        if (sequence != expectedSequence) {
            throw new RingOutOfStepException(blockIndex, sequence, expectedSequence);
        }
        blockOffset = offset;
        packetCount =
                Math.clamp(
                        memory.get(JAVA_INT, offset + PACKET_COUNT_OFFSET) & 0xffffffffL,
                        0,
                        blockBytes / FrameHeader.MIN_BYTES);
        firstPacketOffset = memory.get(JAVA_INT, offset + FIRST_PACKET_OFFSET);
        return true;
    }

    @Override
    public void release() {
        STATUS.setRelease(memory, blockOffset + STATUS_OFFSET, TP_STATUS_KERNEL);
        expectedSequence++;
        blockIndex = blockIndex + 1 == blockCount ? 0 : blockIndex + 1;
    }

    @Override
    public long blockStart() {
        return address + blockOffset;
    }

    @Override
    public long blockEnd() {
        return blockStart() + blockBytes;
    }

    @Override
    public int packetCount() {
        return packetCount;
    }

    @Override
    public long firstPacket() {
        return blockStart() + Integer.toUnsignedLong(firstPacketOffset);
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }
}
