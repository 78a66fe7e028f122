package dev.ringtail.sensor.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Avro's encoding of int and long: zig-zag, then seven bits a byte, least significant first
/// ([specification](https://avro.apache.org/docs/1.12.0/specification/#primitive-types-1)).
final class Varint {
    /// Most bytes of an encoded long.
    static final int MAX_BYTES = 10;

    /// Bytes that [#append] may write to, however short the value.
    static final int APPEND_ROOM_BYTES = MAX_BYTES;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Varint() {}

    /// Writes a value where nothing stands behind it yet: up to [#APPEND_ROOM_BYTES] bytes from the
    /// position on may be overwritten.
    ///
    /// Values of more than seven bits are spread out in a register and stored at once, since how
    /// many bytes a timestamp takes is no pattern that a processor could foresee.
    ///
    /// @return position behind it
    static int append(byte[] array, int position, long value) {
        long rest = zigZag(value);
        if (rest >>> 7 == 0) {
            array[position] = (byte) rest;
            return position + 1;
        }
        if (rest >>> 35 != 0) {
            return put(array, position, value);
        }
        int bytes = size(value);
        long spread =
                rest & 0x7f
                        | (rest & 0x7f << 7) << 1
                        | (rest & 0x7f << 14) << 2
                        | (rest & 0x7f << 21) << 3
                        | (rest & 0x7fL << 28) << 4;
        long more = 0x80808080L & (1L << Byte.SIZE * (bytes - 1)) - 1;
        LONGS.set(array, position, spread | more);
        return position + bytes;
    }

    /// Writes a value.
    ///
    /// @return position behind it
    static int put(byte[] array, int position, long value) {
        long rest = zigZag(value);
        int p = position;
        while ((rest & ~0x7fL) != 0) {
            array[p++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[p++] = (byte) rest;
        return p;
    }

    /// Bytes that [#put] writes for a value.
    static int size(long value) {
        return 1 + (63 - Long.numberOfLeadingZeros(zigZag(value) | 1)) / 7;
    }

    private static long zigZag(long value) {
        return (value << 1) ^ (value >> 63);
    }
}
