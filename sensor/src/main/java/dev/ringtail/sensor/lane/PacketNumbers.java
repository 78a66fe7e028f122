package dev.ringtail.sensor.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The six numbers that stand before a packet's data in a batch, as Avro writes them (see
/// [Varint]):
///
/// ```text
/// laneNumberDelta  timestampOffsetNs | originalLength  packetType  flags  length of the data
///    1 - 2 bytes          1 - 5 bytes |    1 - 2 bytes      1 byte   1 - 2            1 - 2
/// ```
///
/// Those are the sizes that nearly all packets have. They are put together in two registers, and
/// each is stored at once, in the place of a check and a store for each byte: how many bytes a
/// timestamp takes is nothing that a processor could foresee. Larger ones are written one by one.
final class PacketNumbers {
    /// Most bytes that they take: three longs, an enum, and two ints.
    static final int MAX_BYTES = 3 * Varint.MAX_BYTES + 1 + 5 + 5;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Of each of four bytes the bit that says that the number goes on.
    private static final long MORE_BITS = 0x80808080L;

    private PacketNumbers() {}

    /// Writes the numbers. What stands in the [#MAX_BYTES] from the position on is overwritten.
    ///
    /// @param laneNumberDelta not negative
    /// @param packetType symbol number, below 64
    /// @return position behind them
    static int put(
            byte[] array,
            int position,
            long laneNumberDelta,
            long timestampOffsetNs,
            long originalLength,
            int packetType,
            int flags,
            int length) {
        long delta = laneNumberDelta << 1;
        long offset = Varint.zigZag(timestampOffsetNs);
        long original = originalLength << 1;
        long flagBits = (long) flags << 1;
        long dataLength = (long) length << 1;
        if ((offset >>> 35 | (delta | original | flagBits | dataLength) >>> 14) != 0) {
            return putLarge(
                    array,
                    position,
                    laneNumberDelta,
                    timestampOffsetNs,
                    originalLength,
                    packetType,
                    flags,
                    length);
        }
        long groups = groupsOf(offset);
        int moreBits = Long.SIZE - 1 - Long.numberOfLeadingZeros(groups | 1) & -Byte.SIZE;
        long more = MORE_BITS & (1L << moreBits) - 1;
        // A second byte for what seven bits do not hold, as in putPairs.
        long deltaMore = delta + 0x3f80 >>> 7 & 0x80;
        long deltaBytes = delta + (delta & 0x3f80) + deltaMore;
        int offsetAt = Byte.SIZE + (int) (deltaMore >>> 4);
        LONGS.set(array, position, deltaBytes | (groups | more) << offsetAt);
        return putPairs(
                array,
                position + 1 + (offsetAt + moreBits >>> 3),
                original | flagBits << 16 | dataLength << 32,
                packetType);
    }

    /// Writes three numbers of up to 14 bits, which stand in pairs of bytes, and the packet type
    /// behind the first.
    private static int putPairs(byte[] array, int position, long pairs, int packetType) {
        long more = pairs + 0x3f80_3f80_3f80L >>> 7 & 0x0080_0080_0080L;
        long spread = pairs + (pairs & 0x3f80_3f80_3f80L) + more;
        int typeAt = Byte.SIZE + (int) (more >>> 4 & Byte.SIZE);
        int flagsAt = typeAt + Byte.SIZE;
        int lengthAt = flagsAt + Byte.SIZE + (int) (more >>> 20 & Byte.SIZE);
        int end = lengthAt + Byte.SIZE + (int) (more >>> 36 & Byte.SIZE);
        LONGS.set(
                array,
                position,
                spread & 0xffff
                        | (long) packetType << 1 << typeAt
                        | (spread >>> 16 & 0xffff) << flagsAt
                        | (spread >>> 32) << lengthAt);
        return position + (end >>> 3);
    }

    private static int putLarge(
            byte[] array,
            int position,
            long laneNumberDelta,
            long timestampOffsetNs,
            long originalLength,
            int packetType,
            int flags,
            int length) {
        int p = Varint.put(array, position, laneNumberDelta);
        p = Varint.put(array, p, timestampOffsetNs);
        p = Varint.put(array, p, originalLength);
        p = Varint.put(array, p, packetType);
        p = Varint.put(array, p, flags);
        return Varint.put(array, p, length);
    }

    /// A number of up to 35 bits, seven of them in each byte.
    private static long groupsOf(long number) {
        long groups = number & 0x0fffffffL | number << 4 & 0x0fffffff_00000000L;
        groups = groups & 0x00003fff_00003fffL | groups << 2 & 0x3fff0000_3fff0000L;
        return groups & 0x007f007f_007f007fL | groups << 1 & 0x7f007f00_7f007f00L;
    }
}
