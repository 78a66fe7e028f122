package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// A new file whose bytes go past the page cache (`O_DIRECT`, open(2)), written by a thread of its
/// own while the next ones come.
///
/// An export is written once, and may be larger than memory. In the page cache it would take the
/// place of what is read again, such as the topics of a Kafka on the same machine, and cost the
/// kernel a copy of each byte and a page to put it in.
///
/// The file is whole when it is closed; [#flush] does nothing, as a disk takes whole blocks alone.
/// Used by one thread.
final class DirectFile extends OutputStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(DirectFile.class);

    /// What the disk is given at a time: the more, the less it waits between two.
    private static final int BUFFER_BYTES = 1 << 20;

    /// One that is filled, one that is written, and one for when these take turns unevenly.
    private static final int BUFFERS = 3;

    private final FileChannel file;
    private final int blockBytes;
    private final Thread writer;
    private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(BUFFERS);

    /// To be written; the end is one without bytes.
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(BUFFERS + 1);

    private ByteBuffer filling;
    private long length;
    private volatile @Nullable IOException failure;

    private DirectFile(FileChannel file, int blockBytes) {
        this.file = file;
        this.blockBytes = blockBytes;
        for (int i = 1; i < BUFFERS; i++) {
            empty.add(buffer(BUFFER_BYTES, blockBytes));
        }
        this.filling = buffer(BUFFER_BYTES, blockBytes);
        this.writer = new Thread(this::writeAll, "rt-write");
        // A disk that does not answer must not keep the JVM from ending.
        writer.setDaemon(true);
        writer.start();
    }

    /// Makes a file, and a stream into it: an ordinary one where the file system does not do
    /// without the page cache.
    ///
    /// @param attributes that it is to have from the start
    /// @throws IOException if there is a file of that name, or none can be made
    static OutputStream create(Path path, FileAttribute<?>... attributes) throws IOException {
        Files.createFile(path, attributes);
        try {
            return open(path);
        } catch (IOException | UnsupportedOperationException e) {
            LOGGER.debug("{} is written by way of the page cache", path, e);
        }
        try {
            return Files.newOutputStream(path, StandardOpenOption.WRITE);
        } catch (IOException e) {
            Files.delete(path);
            throw e;
        }
    }

    private static DirectFile open(Path path) throws IOException {
        long blockBytes = Files.getFileStore(path).getBlockSize();
        if (Long.bitCount(blockBytes) != 1 || blockBytes > BUFFER_BYTES) {
            throw new UnsupportedOperationException("blocks of " + blockBytes + " bytes");
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, direct());
        try {
            // There are file systems that take the flag, and then refuse to write.
            file.write(buffer((int) blockBytes, (int) blockBytes), 0);
            return new DirectFile(file, (int) blockBytes);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// `com.sun.nio.file.ExtendedOpenOption.DIRECT`, by its name: it is documented and exported by
    /// jdk.unsupported, but javac warns of whoever names it, and can't be told not to.
    private static OpenOption direct() {
        try {
            return (OpenOption)
                    Class.forName("com.sun.nio.file.ExtendedOpenOption")
                            .getField("DIRECT")
                            .get(null);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException(e);
        }
    }

    private static ByteBuffer buffer(int bytes, int blockBytes) {
        return ByteBuffer.allocateDirect(bytes + blockBytes - 1)
                .alignedSlice(blockBytes)
                .limit(bytes)
                .slice();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (!file.isOpen()) {
            throw new ClosedChannelException();
        }
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, filling.remaining());
            filling.put(bytes, offset + done, part);
            done += part;
            if (!filling.hasRemaining()) {
                handOn();
            }
        }
        length += count;
    }

    private void handOn() throws IOException {
        throwFailure();
        try {
            full.put(filling.flip());
            filling = empty.take();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void throwFailure() throws IOException {
        IOException cause = failure;
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
    }

    /// Nothing more is written then: which buffers are in whose hands is not known any more.
    private IOException interrupted() {
        Thread.currentThread().interrupt();
        writer.interrupt();
        IOException interrupted = new InterruptedIOException("interrupted");
        failure = interrupted;
        return interrupted;
    }

    private void writeAll() {
        try {
            for (ByteBuffer next = full.take(); next.hasRemaining(); next = full.take()) {
                write(next);
                empty.put(next.clear());
            }
        } catch (InterruptedException e) {
            LOGGER.debug("given up", e);
        }
    }

    /// Writes a buffer, unless an earlier one failed: whoever fills the next must not wait for
    /// ever.
    private void write(ByteBuffer next) {
        try {
            while (failure == null && next.hasRemaining()) {
                file.write(next);
            }
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException(e);
        }
    }

    /// Writes what is left. Closed once more, it does nothing.
    @Override
    public void close() throws IOException {
        if (!file.isOpen()) {
            return;
        }
        try (file) {
            try {
                if (failure == null) {
                    handOnRest();
                }
            } finally {
                endWriter();
            }
            throwFailure();
            file.truncate(length);
        }
    }

    private void handOnRest() throws IOException {
        filling.put(new byte[-filling.position() & (blockBytes - 1)]);
        if (filling.position() > 0) {
            handOn();
        }
    }

    private void endWriter() throws IOException {
        try {
            full.put(ByteBuffer.allocate(0));
            writer.join();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }
}
