package dev.ringtail.pcap.file;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// The content of zstd data, all frames one after the other (RFC 8878); skippable frames are passed
/// over. Windows of up to 128 MiB are taken, as by zstd(1) without `--long`.
///
/// zstd gives up what it has decompressed of a portion together with the portion's fault. A portion
/// is small, so that this is hardly more than the block (at most 128 KiB of content) with the
/// fault.
///
/// zstd-jni's own stream takes a frame that is cut off for the end of the data where the frame
/// before it ends in the same portion.
final class ZstdStream extends DecompressedStream {
    private static final int PORTION_BYTES = 1 << 12;
    private static final int CONTENT_BYTES = 1 << 17;

    private final InputStream in;
    private final ZstdDecompressCtx context;
    private final byte[] portion = new byte[PORTION_BYTES];
    private final ByteBuffer data = ByteBuffer.allocateDirect(PORTION_BYTES).limit(0);
    private final ByteBuffer content = ByteBuffer.allocateDirect(CONTENT_BYTES).limit(0);
    private boolean inFrame;
    private boolean moreContent;

    /// @param in is closed with this stream
    /// @throws IOException if zstd's native library can't be loaded
    ZstdStream(InputStream in) throws IOException {
        this.in = in;
        try {
            context = new ZstdDecompressCtx();
        } catch (LinkageError e) {
            throw new IOException(
                    "the zstd library can't be loaded, which needs a writable java.io.tmpdir: " + e,
                    e);
        }
    }

    @Override
    int decompress(byte[] into, int offset, int length) throws IOException {
        // Ends: every round consumes data, or zstd has a fault.
        while (!content.hasRemaining()) {
            if (!data.hasRemaining() && !moreContent && !fill()) {
                if (inFrame) {
                    throw new CompressedDataException("they are cut off");
                }
                return -1;
            }
            decompressSome();
        }
        int count = Math.min(length, content.remaining());
        content.get(into, offset, count);
        return count;
    }

    private void decompressSome() throws CompressedDataException {
        content.clear();
        try {
            inFrame = !context.decompressDirectByteBufferStream(content, data);
        } catch (ZstdException e) {
            content.limit(0);
            throw new CompressedDataException(String.valueOf(e.getMessage()));
        }
        moreContent = inFrame && !content.hasRemaining();
        content.flip();
    }

    private boolean fill() throws IOException {
        int count = in.read(portion);
        if (count > 0) {
            data.clear().put(portion, 0, count).flip();
        }
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        context.close();
        in.close();
    }
}
