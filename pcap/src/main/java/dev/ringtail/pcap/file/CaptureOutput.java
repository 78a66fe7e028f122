package dev.ringtail.pcap.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers and bytes into a stream, by way of a buffer, a block at a time.
///
/// The stream is given whole blocks in each write: where one fails, what was written by those
/// before ends with a whole packet.
final class CaptureOutput implements Closeable {
    private static final int BUFFER_BYTES = 1 << 18;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private long handedOnBytes;

    CaptureOutput(OutputStream out) {
        this.out = out;
    }

    /// Begins a block, which must come to exactly so many bytes.
    void begin(int length) throws IOException {
        if (length > buffer.length - filled) {
            makeRoom(length);
        }
    }

    private void makeRoom(int length) throws IOException {
        writeOut();
        if (length > buffer.length) {
            buffer = new byte[length];
        }
    }

    void i16(int value) {
        SHORT.set(buffer, filled, (short) value);
        filled += Short.BYTES;
    }

    void i32(int value) {
        INT.set(buffer, filled, value);
        filled += Integer.BYTES;
    }

    void i64(long value) {
        LONG.set(buffer, filled, value);
        filled += Long.BYTES;
    }

    void bytes(byte[] data, int offset, int length) {
        System.arraycopy(data, offset, buffer, filled, length);
        filled += length;
    }

    /// Bytes, and zeros up to a multiple of 4. Another 4 bytes of the block must follow.
    void padded(byte[] data, int offset, int length) {
        int end = filled + length;
        // Zeros first and whole, so that how many are needed is no branch.
        INT.set(buffer, end, 0);
        System.arraycopy(data, offset, buffer, filled, length);
        filled = end + (-length & 3);
    }

    private void writeOut() throws IOException {
        int length = filled;
        // What a stream did not take it is not given again.
        filled = 0;
        out.write(buffer, 0, length);
        handedOnBytes += length;
    }

    /// Bytes so far, those in the buffer included.
    long length() {
        return handedOnBytes + filled;
    }

    void flush() throws IOException {
        writeOut();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }
}
