package dev.ringtail.pcap.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// The content of compressed data. All that could be decompressed is delivered before the data's
/// fault is thrown, and after that the same again.
///
/// [#available] stays 0: a reader that gathers as long as something is available would lose what it
/// has gathered to the fault.
abstract class DecompressedStream extends InputStream {
    private @Nullable CompressedDataException fault;

    /// Reads up to `length` bytes, at least one; returns -1 at the end of the data.
    ///
    /// @throws CompressedDataException if the data are cut off or corrupt
    /// @throws IOException if they can't be read
    abstract int decompress(byte[] into, int offset, int length) throws IOException;

    /// To be thrown from the next read on.
    final void faultAhead(CompressedDataException next) {
        fault = next;
    }

    @Override
    public final int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (fault != null) {
            throw fault;
        }
        try {
            return decompress(into, offset, length);
        } catch (CompressedDataException e) {
            fault = e;
            throw e;
        }
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
}
