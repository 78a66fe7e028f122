package dev.ringtail.schema;

import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Lets Avro's own datum readers read through the bounds checks of [AvroInput]: Avro's binary
/// decoder believes the lengths and counts it meets, and would allocate for them.
final class AvroInputDecoder extends Decoder {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final AvroInput in;

    AvroInputDecoder(AvroInput in) {
        this.in = in;
    }

    @Override
    public void readNull() {
        // Null takes no bytes.
    }

    @Override
    public boolean readBoolean() {
        int at = in.take(1, "boolean");
        byte value = in.array()[at];
        if (value != 0 && value != 1) {
            throw in.corrupt("boolean is " + value + " where 0 and 1 are allowed", at);
        }
        return value == 1;
    }

    @Override
    public int readInt() {
        return in.readInt("int");
    }

    @Override
    public long readLong() {
        return in.readLong();
    }

    @Override
    public float readFloat() {
        return fixed(Float.BYTES, "float").getFloat();
    }

    @Override
    public double readDouble() {
        return fixed(Double.BYTES, "double").getDouble();
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) {
        return new Utf8(in.readString("string"));
    }

    @Override
    public String readString() {
        return in.readString("string");
    }

    @Override
    public void skipString() {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) {
        int length = in.readLength("bytes");
        byte[] copy = new byte[length];
        System.arraycopy(in.array(), in.take(length, "bytes"), copy, 0, length);
        return ByteBuffer.wrap(copy);
    }

    @Override
    public void skipBytes() {
        in.take(in.readLength("bytes"), "bytes");
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) {
        System.arraycopy(in.array(), in.take(length, "fixed"), bytes, start, length);
    }

    @Override
    public void skipFixed(int length) {
        in.take(length, "fixed");
    }

    @Override
    public int readEnum() {
        return in.readInt("enum");
    }

    @Override
    public long readArrayStart() {
        return readItemCount();
    }

    @Override
    public long arrayNext() {
        return readItemCount();
    }

    @Override
    public long skipArray() {
        return skipItems();
    }

    @Override
    public long readMapStart() {
        return readItemCount();
    }

    @Override
    public long mapNext() {
        return readItemCount();
    }

    @Override
    public long skipMap() {
        return skipItems();
    }

    @Override
    public int readIndex() {
        return in.readInt("union index");
    }

    /// Reads a block's count of items. Each item of a Ringtail record takes at least a byte, so a
    /// count beyond the bytes left is a lie.
    private long readItemCount() {
        int at = in.position();
        long count = in.readLong();
        if (count < 0 && count != Long.MIN_VALUE) {
            count = -count;
            in.readLength("block");
        }
        if (count < 0 || count > in.remaining()) {
            throw in.corrupt(
                    "block of " + count + " items where " + in.remaining() + " bytes are left", at);
        }
        return count;
    }

    /// Passes over the blocks that carry their size; stops at one that does not and returns its
    /// count of items, or 0 at the end.
    private long skipItems() {
        while (true) {
            int at = in.position();
            long count = in.readLong();
            if (count >= 0) {
                if (count > in.remaining()) {
                    throw in.corrupt(
                            "block of "
                                    + count
                                    + " items where "
                                    + in.remaining()
                                    + " bytes are left",
                            at);
                }
                return count;
            }
            in.take(in.readLength("block"), "block");
        }
    }

    private ByteBuffer fixed(int length, String name) {
        return ByteBuffer.wrap(in.array(), in.take(length, name), length).order(ORDER);
    }
}
