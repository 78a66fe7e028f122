package dev.ringtail.sensor.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The six numbers that stand before a packet's data in a batch, as Avro writes them (see
/// [Varint]):
///
/// ```text
/// laneNumberDelta  timestampOffsetNs | originalLength  packetType  flags  length of the data
///         1 byte          1 - 5 bytes |    1 - 2 bytes      1 byte   1 - 2            1 - 2
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

    private static final int GROUP = 0x7f;

    private PacketNumbers() {}

    /// Writes the numbers. What stands in the [#MAX_BYTES] from the position on is overwritten.
    ///
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
        long delta = Varint.zigZag(laneNumberDelta);
        long offset = Varint.zigZag(timestampOffsetNs);
        long original = originalLength << 1;
        long flagBits = (long) flags << 1;
        long dataLength = (long) length << 1;
        if ((delta >>> 7 | offset >>> 35 | (original | flagBits | dataLength) >>> 14) != 0) {
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
        int offsetBytes = Varint.size(timestampOffsetNs);
        LONGS.set(array, position, delta | spread(offset, offsetBytes) << 8);
        int p = position + 1 + offsetBytes;

        long word = spread(original);
        int bits = bits(original);
        word |= (long) packetType << 1 << bits;
        bits += 8;
        word |= spread(flagBits) << bits;
        bits += bits(flagBits);
        word |= spread(dataLength) << bits;
        bits += bits(dataLength);
        LONGS.set(array, p, word);
        return p + (bits >>> 3);
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

    /// A number of up to 35 bits, seven of them in each byte, and the top bit of all bytes but the
    /// last set.
    private static long spread(long number, int bytes) {
        long groups =
                number & GROUP
                        | (number & GROUP << 7) << 1
                        | (number & GROUP << 14) << 2
                        | (number & GROUP << 21) << 3
                        | (number & (long) GROUP << 28) << 4;
        return groups | 0x80808080L & (1L << 8 * (bytes - 1)) - 1;
    }

    /// As above, for up to 14 bits.
    private static long spread(long number) {
        long high = number >>> 7;
        return number & GROUP | high << 8 | (-high >>> 63) << 7;
    }

    /// Bits that a number of up to 14 bits takes when spread: 8 or 16.
    private static int bits(long number) {
        return 8 + (int) (-(number >>> 7) >>> 63) * 8;
    }
}
