package dev.ringtail.pcap.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The content of gzip data, all members one after the other (RFC 1952).
///
/// The JDK's own `GZIPInputStream` gives up what it has decompressed together with the fault, and
/// takes a member whose header is cut off or corrupt for the end of the data; both lose packets
/// without a word. As with gzip(1), zeros may follow the last member.
///
/// | member, byte | field |
/// | --- | --- |
/// | 0 | magic, 1f 8b |
/// | 2 | method, 8 |
/// | 3 | flags: which of the optional fields follow |
/// | 4 | time, hints, system (6 bytes) |
/// | 10 | optional: extra field with its length, name, comment, header checksum |
/// | | deflated data |
/// | | CRC-32 and length modulo 2^32 of the content |
final class GzipStream extends DecompressedStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 1 << 1;
    private static final int EXTRA_FIELD = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean first = true;
    private boolean inMember;

    /// @param in is closed with this stream
    GzipStream(InputStream in) {
        this.in = in;
    }

    @Override
    int decompress(byte[] into, int offset, int length) throws IOException {
        // Ends: every round returns, or consumes input.
        while (true) {
            if (!inMember && !beginMember()) {
                return -1;
            }
            int count = inflate(into, offset, length);
            if (count > 0) {
                checksum.update(into, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsInput()) {
                if (!fill()) {
                    throw cutOff();
                }
                giveToInflater();
            } else {
                throw new CompressedDataException("they want a preset dictionary");
            }
        }
    }

    private int inflate(byte[] into, int offset, int length) throws CompressedDataException {
        long before = inflater.getBytesWritten();
        try {
            return inflater.inflate(into, offset, length);
        } catch (DataFormatException e) {
            CompressedDataException fault =
                    new CompressedDataException(String.valueOf(e.getMessage()));
            int count = (int) (inflater.getBytesWritten() - before);
            if (count == 0) {
                throw fault;
            }
            faultAhead(fault);
            return count;
        }
    }

    /// Reads the header of a member; returns false at the end of the data.
    private boolean beginMember() throws IOException {
        int magic = nextByte();
        while (magic == 0 && !first) {
            magic = nextByte();
        }
        if (magic < 0) {
            return false;
        }
        if (magic != 0x1f || requiredByte() != 0x8b) {
            throw new CompressedDataException("after a member follows something else");
        }
        int method = requiredByte();
        int flags = requiredByte();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new CompressedDataException(
                    "a member has method %d, flags 0x%02x; method 8 and flags up to 0x1f are known"
                            .formatted(method, flags));
        }
        skip(6);
        if ((flags & EXTRA_FIELD) != 0) {
            skip(requiredByte() | requiredByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        first = false;
        inMember = true;
        giveToInflater();
        return true;
    }

    /// Reads the trailer of a member.
    private void endMember() throws IOException {
        at = end - inflater.getRemaining();
        int expected = requiredInt();
        int expectedLength = requiredInt();
        if (expected != (int) checksum.getValue()) {
            throw new CompressedDataException(
                    "the content has CRC-32 %08x, the data say %08x"
                            .formatted((int) checksum.getValue(), expected));
        }
        if (expectedLength != (int) inflater.getBytesWritten()) {
            throw new CompressedDataException(
                    "the content has %d bytes, the data say %d modulo 2^32"
                            .formatted(
                                    inflater.getBytesWritten(),
                                    Integer.toUnsignedLong(expectedLength)));
        }
        inflater.reset();
        checksum.reset();
        inMember = false;
    }

    private void giveToInflater() {
        inflater.setInput(buffer, at, end - at);
        at = end;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(in.read(buffer), 0);
        return end > 0;
    }

    private int nextByte() throws IOException {
        return at < end || fill() ? buffer[at++] & 0xff : -1;
    }

    private int requiredByte() throws IOException {
        int value = nextByte();
        if (value < 0) {
            throw cutOff();
        }
        return value;
    }

    private int requiredInt() throws IOException {
        return requiredByte() | requiredByte() << 8 | requiredByte() << 16 | requiredByte() << 24;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            requiredByte();
        }
    }

    private void skipText() throws IOException {
        int value = requiredByte();
        while (value != 0) {
            value = requiredByte();
        }
    }

    private static CompressedDataException cutOff() {
        return new CompressedDataException("they are cut off");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
