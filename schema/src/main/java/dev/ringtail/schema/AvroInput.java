package dev.ringtail.schema;

import java.nio.charset.StandardCharsets;

/// A cursor over Avro binary data in an array. Every read is checked against the end, so bad input
/// ends in a [BatchFormatException] that names the byte, never in a huge allocation or an endless
/// loop.
///
/// Confined to one thread. Byte numbers in errors are relative to the start given to [#wrap].
final class AvroInput {
    private static final byte[] EMPTY = {};
    private static final int VARINT_MAX_LENGTH = 10;

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
            long raw = array[position++];
            return raw >>> 1 ^ -(raw & 1);
        }
        return readLongOfBytes();
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
                return raw >>> 1 ^ -(raw & 1);
            }
        }
        throw corrupt("number does not fit 64 bits", position);
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
