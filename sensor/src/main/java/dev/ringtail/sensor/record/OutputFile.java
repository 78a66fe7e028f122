package dev.ringtail.sensor.record;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a capture file is written to: a regular file, standard output, or a device or pipe.
///
/// Whoever writes flushes at block borders. What was written up to a flush stays; after a write
/// that failed, [#takeBack] cuts off what came behind it, so that no regular file ends within a
/// block. The recorder's thread alone.
final class OutputFile extends OutputStream {
    private final String name;
    private final FileOutputStream out;
    private final boolean regular;
    private long writtenBytes;
    private long wholeBytes;

    private OutputFile(String name, FileOutputStream out, boolean regular) {
        this.name = name;
        this.out = out;
        this.regular = regular;
    }

    /// Creates a file, or empties it.
    ///
    /// @throws IOException naming the file
    static OutputFile create(Path file) throws IOException {
        FileOutputStream out = new FileOutputStream(file.toFile());
        return new OutputFile(file.toString(), out, Files.isRegularFile(file));
    }

    static OutputFile standardOutput() {
        return new OutputFile("standard output", new FileOutputStream(FileDescriptor.out), false);
    }

    /// As messages call it.
    String name() {
        return name;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        writtenBytes += length;
    }

    /// Tells that what has been written so far ends with a whole block.
    @Override
    public void flush() {
        wholeBytes = writtenBytes;
    }

    /// Cuts off what was written after the last [#flush], and closes the file. Does nothing after
    /// [#close].
    void takeBack() throws IOException {
        try (out) {
            FileChannel channel = out.getChannel();
            if (regular && channel.isOpen()) {
                channel.truncate(wholeBytes);
            }
        }
    }

    /// Waits until the file is on the disk (fsync(2)), where it is a regular one, and closes it.
    @Override
    public void close() throws IOException {
        try (out) {
            if (regular) {
                out.getFD().sync();
            }
        }
    }
}
