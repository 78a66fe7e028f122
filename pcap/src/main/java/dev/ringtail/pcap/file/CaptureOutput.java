package dev.ringtail.pcap.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers and bytes into a stream, by way of a buffer.
final class CaptureOutput implements Closeable {
    private static final int BUFFER_BYTES = 1 << 18;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private long handedOnBytes;

    CaptureOutput(OutputStream out) {
        this.out = out;
    }

    void i16(int value) throws IOException {
        makeRoom(Short.BYTES);
        SHORT.set(buffer, filled, (short) value);
        filled += Short.BYTES;
    }

    void i32(int value) throws IOException {
        makeRoom(Integer.BYTES);
        INT.set(buffer, filled, value);
        filled += Integer.BYTES;
    }

    void i64(long value) throws IOException {
        makeRoom(Long.BYTES);
        LONG.set(buffer, filled, value);
        filled += Long.BYTES;
    }

    void bytes(byte[] data, int offset, int length) throws IOException {
        padded(data, offset, length, 0);
    }

    /// Bytes, and zeros behind them.
    ///
    /// @param padding how many zeros, 0 to 4
    void padded(byte[] data, int offset, int length, int padding) throws IOException {
        int taken = length;
        if (length > BUFFER_BYTES - Integer.BYTES) {
            writeOut();
            out.write(data, offset, length);
            handedOnBytes += length;
            taken = 0;
        }
        makeRoom(taken + Integer.BYTES);
        System.arraycopy(data, offset, buffer, filled, taken);
        INT.set(buffer, filled + taken, 0);
        filled += taken + padding;
    }

    private void makeRoom(int length) throws IOException {
        if (BUFFER_BYTES - filled < length) {
            writeOut();
        }
    }

    private void writeOut() throws IOException {
        out.write(buffer, 0, filled);
        handedOnBytes += filled;
        filled = 0;
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
