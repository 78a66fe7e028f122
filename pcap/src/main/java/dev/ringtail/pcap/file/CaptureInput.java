package dev.ringtail.pcap.file;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The bytes of a capture file in order, and the one record or block of it that is being looked at.
///
/// That one lies in [#bytes], which grows with the bytes that really arrive: a corrupt length costs
/// no memory. Numbers are read in the byte order of the file.
final class CaptureInput implements Closeable {
    private static final int READ_AHEAD_BYTES = 1 << 18;
    private static final int INITIAL_BYTES = 1 << 17;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final BufferedInputStream in;
    private final String fileName;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private long position;
    private boolean bigEndian;

    /// @param fileName for messages
    CaptureInput(InputStream in, String fileName) {
        this.in = new BufferedInputStream(in, READ_AHEAD_BYTES);
        this.fileName = fileName;
    }

    /// Offset in the file of the next byte to be read.
    long position() {
        return position;
    }

    /// The record or block that was read last; another array after a read that made it grow.
    byte[] bytes() {
        return bytes;
    }

    void bigEndian(boolean value) {
        bigEndian = value;
    }

    boolean bigEndian() {
        return bigEndian;
    }

    /// Returns the first four bytes as a big-endian number and leaves them to be read.
    ///
    /// @throws CaptureFormatException when the file has fewer
    int peekMagic() throws IOException {
        in.mark(Integer.BYTES);
        byte[] magic = in.readNBytes(Integer.BYTES);
        in.reset();
        if (magic.length < Integer.BYTES) {
            throw error(
                    0, "the file has %d bytes, too few for a capture file".formatted(magic.length));
        }
        return Integer.reverseBytes((int) INT.get(magic, 0));
    }

    /// Reads into [#bytes] from index `at` on and returns how many bytes it were: less than
    /// `length` only where the file ends.
    int read(int at, int length) throws IOException {
        int end = at + length;
        int filled = at;
        while (filled < end) {
            if (filled == bytes.length) {
                grow(end);
            }
            int count = in.read(bytes, filled, Math.min(end, bytes.length) - filled);
            if (count < 0) {
                break;
            }
            filled += count;
            position += count;
        }
        return filled - at;
    }

    private void grow(int needed) {
        byte[] larger = new byte[(int) Math.min(needed, 2L * bytes.length)];
        System.arraycopy(bytes, 0, larger, 0, bytes.length);
        bytes = larger;
    }

    /// Reads into [#bytes] from index `at` on.
    ///
    /// @param what that is, for the message
    /// @throws CaptureFormatException when the file ends before
    void require(int at, int length, String what) throws IOException {
        int count = read(at, length);
        if (count < length) {
            throw truncated(what, length - count);
        }
    }

    /// Passes over bytes without keeping them; what is in [#bytes] from index `scratchAt` on is
    /// lost.
    ///
    /// @param what that is, for the message
    /// @throws CaptureFormatException when the file ends before
    void skip(long length, int scratchAt, String what) throws IOException {
        long left = length;
        while (left > 0) {
            int count = read(scratchAt, (int) Math.min(left, bytes.length - scratchAt));
            if (count == 0) {
                throw truncated(what, left);
            }
            left -= count;
        }
    }

    int u8(int at) {
        return bytes[at] & 0xff;
    }

    int u16(int at) {
        short value = (short) SHORT.get(bytes, at);
        return (bigEndian ? Short.reverseBytes(value) : value) & 0xffff;
    }

    int i32(int at) {
        int value = (int) INT.get(bytes, at);
        return bigEndian ? Integer.reverseBytes(value) : value;
    }

    long u32(int at) {
        return Integer.toUnsignedLong(i32(at));
    }

    long i64(int at) {
        long value = (long) LONG.get(bytes, at);
        return bigEndian ? Long.reverseBytes(value) : value;
    }

    CaptureFormatException truncated(String what, long missing) {
        return error(
                position, "the file ends within %s: %d bytes are missing".formatted(what, missing));
    }

    CaptureFormatException error(long offset, String problem) {
        return new CaptureFormatException("%s, byte %d: %s".formatted(fileName, offset, problem));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
