package dev.ringtail.sensor.lane;

/// Avro's encoding of int and long: zig-zag, then seven bits a byte, least significant first
/// ([specification](https://avro.apache.org/docs/1.12.0/specification/#primitive-types-1)).
final class Varint {
    /// Most bytes of an encoded long.
    static final int MAX_BYTES = 10;

    private Varint() {}

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

    /// Maps numbers near zero, of either sign, to small unsigned ones.
    static long zigZag(long value) {
        return (value << 1) ^ (value >> 63);
    }
}
