package dev.ringtail.pcap.file;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestInputStream;
import java.security.MessageDigest;

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
    private final @Nullable Compression compression;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private long position;
    private boolean bigEndian;

    private CaptureInput(InputStream content, String fileName, @Nullable Compression compression) {
        this.in = new BufferedInputStream(content, READ_AHEAD_BYTES);
        this.fileName = fileName;
        this.compression = compression;
    }

    /// Begins a file, which is decompressed where it is compressed.
    ///
    /// @param fileName for messages
    /// @param digest gets all bytes of the content that are read; null if nobody wants it
    static CaptureInput of(InputStream in, String fileName, @Nullable MessageDigest digest)
            throws IOException {
        PushbackInputStream file = new PushbackInputStream(in, Integer.BYTES);
        byte[] start = file.readNBytes(Integer.BYTES);
        file.unread(start);
        @Nullable Compression compression =
                start.length < Integer.BYTES ? null : Compression.of(magic(start));
        InputStream content = compression == null ? file : compression.decompress(file);
        return new CaptureInput(
                digest == null ? content : new DigestInputStream(content, digest),
                fileName,
                compression);
    }

    private static int magic(byte[] start) {
        return Integer.reverseBytes((int) INT.get(start, 0));
    }

    /// Offset in the file's content of the next byte to be read.
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
        byte[] start;
        try {
            start = in.readNBytes(Integer.BYTES);
        } catch (CompressedDataException e) {
            throw broken(e);
        }
        in.reset();
        if (start.length < Integer.BYTES) {
            throw error(
                    0, "the file has %d bytes, too few for a capture file".formatted(start.length));
        }
        return magic(start);
    }

    /// Reads into [#bytes] from index `at` on and returns how many bytes it were: less than
    /// `length` only where the file ends.
    ///
    /// @throws CaptureFormatException when compressed data are broken before that
    int read(int at, int length) throws IOException {
        int end = at + length;
        int filled = at;
        while (filled < end) {
            if (filled == bytes.length) {
                grow(end);
            }
            int count = readSome(filled, Math.min(end, bytes.length) - filled);
            if (count < 0) {
                break;
            }
            filled += count;
            position += count;
        }
        return filled - at;
    }

    private int readSome(int at, int length) throws IOException {
        try {
            return in.read(bytes, at, length);
        } catch (CompressedDataException e) {
            throw broken(e);
        }
    }

    /// Reads what is left, for the digest, up to where compressed data are broken.
    void drain() throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (CompressedDataException e) {
            // The content ends there.
        }
    }

    /// Reads as [#read] does and leaves the bytes to be read; broken data end it without a word.
    int peek(int length) throws IOException {
        long start = position;
        in.mark(length);
        try {
            read(0, length);
        } catch (CaptureFormatException e) {
            // Whoever reads up to there gets it again.
        }
        in.reset();
        int count = (int) (position - start);
        position = start;
        return count;
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

    private CaptureFormatException broken(CompressedDataException e) {
        return error(position, "broken %s data: %s".formatted(compression, e.getMessage()));
    }

    CaptureFormatException error(long offset, String problem) {
        return new CaptureFormatException(
                "%s, byte %d%s: %s"
                        .formatted(
                                fileName,
                                offset,
                                compression == null ? "" : " decompressed",
                                problem));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
