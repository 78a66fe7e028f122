package dev.ringtail.schema;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A cursor over Avro binary data in an array. Every read is checked against the end, so bad input
/// ends in a [BatchFormatException] that names the byte, never in a huge allocation or an endless
/// loop.
///
/// Confined to one thread. Byte numbers in errors are relative to the start given to [#wrap].
final class AvroInput {
    private static final byte[] EMPTY = {};
    private static final int VARINT_MAX_LENGTH = 10;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Of each byte the bit that says that the number goes on.
    static final long CONTINUATION_BITS = 0x8080808080808080L;

    private byte[] array = EMPTY;
    private int start;
    private int position;
    private int end;

    /// Reads `length` bytes of an array from `offset` on; the array is not copied.
    void wrap(byte[] value, int offset, int length) {
        array = value;
        start = offset;
        position = offset;
        end = offset + length;
    }

    /// The array that is being read.
    byte[] array() {
        return array;
    }

    /// Index into [#array] of the next byte.
    int position() {
        return position;
    }

    /// Bytes that are left.
    int remaining() {
        return end - position;
    }

    /// Reads an Avro long: zig-zag, seven bits a byte, least significant first.
    long readLong() {
        if (position < end && array[position] >= 0) {
            // Most numbers of a packet are small.
            return zigZag(array[position++]);
        }
        return end - position >= Long.BYTES ? readLongOfWord() : readLongOfBytes();
    }

    /// How many bytes a number takes is nothing that a processor could foresee, so they are taken
    /// out of one word without a branch for each.
    private long readLongOfWord() {
        long word = word(position);
        long ends = ends(word);
        if (ends == 0) {
            return readLongOfBytes();
        }
        position += lengthOf(ends);
        return zigZag(numberOf(word, ends));
    }

    /// The eight bytes from an index of [#array] on, the first one lowest. Not checked against the
    /// end.
    long word(int index) {
        return (long) LONGS.get(array, index);
    }

    /// Of each byte of a word that ends a number the highest bit.
    static long ends(long word) {
        return ~word & CONTINUATION_BITS;
    }

    /// Bytes of the number at the beginning of a word.
    ///
    /// @param ends see [#ends]; of at least one byte
    static int lengthOf(long ends) {
        return (Long.numberOfTrailingZeros(ends) >>> 3) + 1;
    }

    /// The number at the beginning of a word, before [#zigZag].
    ///
    /// @param ends as above
    static long numberOf(long word, long ends) {
        // Up to the lowest end, and of each byte seven bits.
        long groups = word & (ends ^ ends - 1) & ~CONTINUATION_BITS;
        groups = groups & 0x007f007f007f007fL | (groups & 0x7f007f007f007f00L) >>> 1;
        groups = groups & 0x00003fff00003fffL | (groups & 0x3fff00003fff0000L) >>> 2;
        return groups & 0x0fffffffL | (groups & 0x0fffffff00000000L) >>> 4;
    }

    /// The signed number that is written as an unsigned one.
    static long zigZag(long raw) {
        return raw >>> 1 ^ -(raw & 1);
    }

    private long readLongOfBytes() {
        int at = position;
        long raw = 0;
        for (int i = 0; i < VARINT_MAX_LENGTH; i++) {
            if (at == end) {
                throw corrupt("value ends within a number", end);
            }
            byte b = array[at++];
            raw |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                // The tenth byte has room for the 64th bit alone.
                if (i == VARINT_MAX_LENGTH - 1 && b > 1) {
                    break;
                }
                position = at;
                return zigZag(raw);
            }
        }
        throw corrupt("number does not fit 64 bits", position);
    }

    /// Holds a value against its least one.
    ///
    /// @param name what was read, for the error
    /// @param at index into [#array] of its first byte
    long atLeast(long least, String name, int at, long value) {
        if (value < least) {
            throw corrupt(name + " is " + value + ", less than " + least, at);
        }
        return value;
    }

    /// Reads an Avro int.
    ///
    /// @param name what is read, for the error
    int readInt(String name) {
        int at = position;
        long value = readLong();
        if (value != (int) value) {
            throw corrupt(name + " is " + value + ", which does not fit 32 bits", at);
        }
        return (int) value;
    }

    /// Reads the length of a string or bytes field, which must lie within what is left.
    ///
    /// @param name what is read, for the error
    int readLength(String name) {
        int at = position;
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw corrupt(
                    name + " has length " + length + " where " + remaining() + " bytes are left",
                    at);
        }
        return (int) length;
    }

    /// Reads a string.
    ///
    /// @param name what is read, for the error
    String readString(String name) {
        int length = readLength(name);
        return new String(array, take(length, name), length, StandardCharsets.UTF_8);
    }

    /// Passes over `length` bytes and returns the index into [#array] of the first.
    ///
    /// @param name what is read, for the error
    int take(long length, String name) {
        if (length < 0 || length > remaining()) {
            throw corrupt(
                    name + " takes " + length + " bytes where " + remaining() + " are left",
                    position);
        }
        int at = position;
        position += (int) length;
        return at;
    }

    /// Goes back, or on, to an index into [#array] that was a [#position] before.
    void seek(int index) {
        position = index;
    }

    /// The error for a fault at an index of [#array].
    BatchFormatException corrupt(String problem, int at) {
        return new BatchFormatException(problem, at - start);
    }
}
