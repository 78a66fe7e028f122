package dev.ringtail.consumer.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that is read while it is written, and kept whatever happens. It holds whole writes alone:
/// the part of one that came into it before the disk was full is cut off. Only a process that is
/// killed in the midst of a write may leave a part of it.
///
/// Used by one thread.
final class GrowingFile extends OutputStream {
    private final FileChannel file;
    private long length;

    /// Makes a file, or empties the one that is there.
    GrowingFile(Path path) throws IOException {
        this.file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, offset, count);
        try {
            while (left.hasRemaining()) {
                file.write(left);
            }
        } catch (IOException e) {
            cut(e);
            throw e;
        }
        length += count;
    }

    private void cut(IOException failure) {
        try {
            file.truncate(length);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
