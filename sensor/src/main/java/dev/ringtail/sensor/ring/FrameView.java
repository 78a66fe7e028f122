package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.nio.ByteOrder;

/// What a lane has to know of one packet of a ring, read from its header at once.
///
/// A mutable flyweight over the layout of [FrameHeader]. The fields that every packet needs lie in
/// the first 32 bytes, so they are read as four words and one byte: each access is code that the
/// JIT has to inline, of which a lane's loop can hold only so much. One view belongs to one thread;
/// it allocates nothing.
public final class FrameView {
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long ALIGNMENT_MASK = 7;

    /// Bits that an address can have which the kernel gives a process, on x86-64 with five levels
    /// of page tables (less with four, and on arm64). The mask changes no address, but tells the
    /// JIT that what is added to one stays within the segment of all addresses: it leaves the check
    /// of each access out.
    private static final long ADDRESS_MASK = (1L << 56) - 1;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NEXT_AND_SECONDS = FrameHeader.NEXT_OFFSET;
    private static final long NANOSECONDS_AND_CAPTURED = FrameHeader.NANOSECONDS;
    private static final long ORIGINAL_AND_STATUS = FrameHeader.ORIGINAL_LENGTH;
    private static final long DATA_AND_HASH = FrameHeader.DATA;

    private long header;
    private long next;
    private long data;
    private int capturedLength;
    private long originalLength;
    private int status;
    private int packetType;
    private long timestampNs;

    /// Reads the header at an address, and whether it and the data that it speaks of lie within the
    /// block.
    ///
    /// @param address address of the header
    /// @param blockStart address of the block
    /// @param blockEnd address of the block's end
    /// @return false where they don't; the view then holds nothing of use
    public boolean read(long address, long blockStart, long blockEnd) {
        if (address < blockStart
                || address + FrameHeader.MIN_BYTES > blockEnd
                || (address & ALIGNMENT_MASK) != 0) {
            return false;
        }
        long header = address & ADDRESS_MASK;
        long nextAndSeconds = MEMORY.get(JAVA_LONG, header + NEXT_AND_SECONDS);
        long nanosecondsAndCaptured = MEMORY.get(JAVA_LONG, header + NANOSECONDS_AND_CAPTURED);
        long originalAndStatus = MEMORY.get(JAVA_LONG, header + ORIGINAL_AND_STATUS);
        int dataOffset = firstShort(MEMORY.get(JAVA_LONG, header + DATA_AND_HASH));
        long captured = second(nanosecondsAndCaptured);
        long dataEnd = header + dataOffset + captured;
        if (dataOffset < FrameHeader.MIN_BYTES || dataEnd > blockEnd) {
            return false;
        }
        this.header = header;
        long following = header + first(nextAndSeconds);
        this.next = following < dataEnd ? blockEnd : following;
        this.data = header + dataOffset;
        this.capturedLength = (int) captured;
        this.originalLength = first(originalAndStatus);
        this.status = (int) second(originalAndStatus);
        this.packetType = MEMORY.get(JAVA_BYTE, header + FrameHeader.PACKET_TYPE) & 0xff;
        this.timestampNs = second(nextAndSeconds) * NS_PER_SECOND + first(nanosecondsAndCaptured);
        return true;
    }

    private static long first(long word) {
        return LITTLE_ENDIAN ? word & 0xffffffffL : word >>> 32;
    }

    private static long second(long word) {
        return LITTLE_ENDIAN ? word >>> 32 : word & 0xffffffffL;
    }

    private static int firstShort(long word) {
        return (int) (LITTLE_ENDIAN ? word & 0xffff : word >>> 48);
    }

    /// Address of the header.
    public long header() {
        return header;
    }

    /// Address of the header after this one; the block's end where it would overlap this packet's
    /// data, as it does after the last, so that what follows counts as malformed.
    public long next() {
        return next;
    }

    /// Address of the frame.
    public long data() {
        return data;
    }

    /// Bytes of the frame in the ring.
    public int capturedLength() {
        return capturedLength;
    }

    /// Bytes of the frame as it came, a VLAN tag that was taken out not counted.
    public long originalLength() {
        return originalLength;
    }

    /// TP_STATUS_* bits.
    public int status() {
        return status;
    }

    /// `sll_pkttype` of packet(7): 0 host, 1 broadcast, 2 multicast, 3 other host, 4 outgoing.
    public int packetType() {
        return packetType;
    }

    /// Capture time, nanoseconds since 1970. The kernel's seconds are unsigned 32 bit: good until
    /// 2106.
    public long timestampNs() {
        return timestampNs;
    }
}
