package dev.ringtail.pcap.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Writes a pcapng file of one section, little-endian, with timestamps in nanoseconds.
///
/// @see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html">pcapng</a>
public final class PcapngWriter implements CaptureWriter {
    private static final int INTERFACE_STATISTICS = 5;
    private static final int BLOCK_OVERHEAD = 12;
    private static final int OPTION_HEADER_LENGTH = 4;
    private static final int MAX_OPTION_LENGTH = 0xffff;
    private static final int MAX_LINK_TYPE = 0xffff;

    /// What `if_filter` begins with where the filter follows as text.
    private static final String FILTER_TEXT = "\0";

    private static final byte[] NO_BYTES = {};

    private final CaptureOutput out;
    private int interfaceCount;

    /// Begins a file.
    ///
    /// @param out closed with this writer
    /// @param hardware that captured; empty where unknown
    /// @param operatingSystem that captured; empty where unknown
    /// @param application that writes the file; empty where that is nobody's business
    public PcapngWriter(
            OutputStream out, String hardware, String operatingSystem, String application)
            throws IOException {
        this.out = new CaptureOutput(out);
        byte[] hardwareText = optionText(hardware);
        byte[] systemText = optionText(operatingSystem);
        byte[] applicationText = optionText(application);
        int options =
                textOptionLength(hardwareText)
                        + textOptionLength(systemText)
                        + textOptionLength(applicationText);
        int length = beginBlock(PcapngReader.SECTION_HEADER, 16, options);
        this.out.i32(PcapngReader.BYTE_ORDER_MAGIC);
        this.out.i16(1);
        this.out.i16(0);
        this.out.i64(-1); // The section's length is not known in a stream.
        writeTextOption(PcapngOptions.SHB_HARDWARE, hardwareText);
        writeTextOption(PcapngOptions.SHB_OS, systemText);
        writeTextOption(PcapngOptions.SHB_USERAPPL, applicationText);
        endBlock(length, options);
    }

    @Override
    public int addInterface(
            String name, String description, String filter, int linkType, int snapLength)
            throws IOException {
        if (linkType < 0 || linkType > MAX_LINK_TYPE) {
            throw new CaptureFormatException(
                    "pcapng can't hold link type %d; 0 to %d are allowed"
                            .formatted(linkType, MAX_LINK_TYPE));
        }
        byte[] nameText = optionText(name);
        byte[] descriptionText = optionText(description);
        byte[] filterText = filter.isEmpty() ? NO_BYTES : optionText(FILTER_TEXT + filter);
        int options =
                textOptionLength(nameText)
                        + textOptionLength(descriptionText)
                        + textOptionLength(filterText)
                        + optionLength(Byte.BYTES);
        int length = beginBlock(PcapngReader.INTERFACE_DESCRIPTION, 8, options);
        out.i16(linkType);
        out.i16(0);
        out.i32(Math.max(snapLength, 0));
        writeTextOption(PcapngOptions.IF_NAME, nameText);
        writeTextOption(PcapngOptions.IF_DESCRIPTION, descriptionText);
        writeTextOption(PcapngOptions.IF_FILTER, filterText);
        out.i16(PcapngOptions.IF_TSRESOL);
        out.i16(Byte.BYTES);
        out.i32(TimestampResolution.NANOSECONDS_CODE); // A byte and its padding.
        endBlock(length, options);
        return interfaceCount++;
    }

    @Override
    public void writePacket(
            int interfaceId,
            long timestampNs,
            long originalLength,
            byte[] data,
            int offset,
            int length,
            int epbFlags,
            @Nullable String comment)
            throws IOException {
        Objects.checkIndex(interfaceId, interfaceCount);
        Objects.checkFromIndexSize(offset, length, data.length);
        checkTimestamp(timestampNs);
        int original = unsigned32(originalLength);
        byte[] commentText = comment == null ? NO_BYTES : optionText(comment);
        int options =
                textOptionLength(commentText) + (epbFlags == 0 ? 0 : optionLength(Integer.BYTES));
        int bodyLength = Math.addExact(20, Math.addExact(length, padding(length)));
        int blockLength = blockLength(bodyLength, options);
        out.begin(blockLength);
        // Two fields at once: this is done for each packet of an export.
        out.i64(pair(PcapngReader.ENHANCED_PACKET, blockLength));
        out.i64(pair(interfaceId, (int) (timestampNs >>> 32)));
        out.i64(pair((int) timestampNs, length));
        out.i32(original);
        out.padded(data, offset, length);
        writeTextOption(PcapngOptions.COMMENT, commentText);
        if (epbFlags != 0) {
            out.i64(pair(PcapngOptions.EPB_FLAGS | Integer.BYTES << 16, epbFlags));
        }
        endBlock(blockLength, options);
    }

    @Override
    public void writeStatistics(
            int interfaceId,
            long timestampNs,
            long receivedCount,
            long interfaceDropCount,
            long osDropCount,
            List<String> comments)
            throws IOException {
        Objects.checkIndex(interfaceId, interfaceCount);
        checkTimestamp(timestampNs);
        List<byte[]> commentTexts = comments.stream().map(PcapngWriter::optionText).toList();
        int options = 3 * optionLength(Long.BYTES);
        for (byte[] text : commentTexts) {
            options += textOptionLength(text);
        }
        int length = beginBlock(INTERFACE_STATISTICS, 12, options);
        out.i32(interfaceId);
        writeTimestamp(timestampNs);
        for (byte[] text : commentTexts) {
            writeTextOption(PcapngOptions.COMMENT, text);
        }
        writeCounterOption(PcapngOptions.ISB_IFRECV, receivedCount);
        writeCounterOption(PcapngOptions.ISB_IFDROP, interfaceDropCount);
        writeCounterOption(PcapngOptions.ISB_OSDROP, osDropCount);
        endBlock(length, options);
    }

    /// Length of the file so far in bytes, what is not flushed yet included.
    public long length() {
        return out.length();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    static int unsigned32(long originalLength) {
        if (originalLength < 0 || originalLength > 0xffff_ffffL) {
            throw new IllegalArgumentException(
                    "original length %d bytes; 0 to 4294967295 are allowed"
                            .formatted(originalLength));
        }
        return (int) originalLength;
    }

    private int beginBlock(int type, int bodyLength, int optionsLength) throws IOException {
        int length = blockLength(bodyLength, optionsLength);
        out.begin(length);
        out.i32(type);
        out.i32(length);
        return length;
    }

    private static int blockLength(int bodyLength, int optionsLength) {
        int end = optionsLength == 0 ? 0 : OPTION_HEADER_LENGTH;
        return Math.addExact(bodyLength, BLOCK_OVERHEAD + optionsLength + end);
    }

    /// Two 32-bit fields as one number.
    private static long pair(int first, int second) {
        return Integer.toUnsignedLong(first) | (long) second << Integer.SIZE;
    }

    private void endBlock(int length, int optionsLength) {
        if (optionsLength != 0) {
            out.i32(PcapngOptions.END);
        }
        out.i32(length);
    }

    private static void checkTimestamp(long timestampNs) throws CaptureFormatException {
        if (timestampNs < 0) {
            throw new CaptureFormatException(
                    "a pcapng file can't hold the timestamp %d ns, which is before 1970"
                            .formatted(timestampNs));
        }
    }

    private void writeTimestamp(long timestampNs) {
        out.i32((int) (timestampNs >>> 32));
        out.i32((int) timestampNs);
    }

    private void writeTextOption(int code, byte[] text) {
        if (text.length > 0) {
            out.i16(code);
            out.i16(text.length);
            out.padded(text, 0, text.length);
        }
    }

    private void writeCounterOption(int code, long count) {
        out.i16(code);
        out.i16(Long.BYTES);
        out.i64(count);
    }

    private static int textOptionLength(byte[] text) {
        return text.length == 0 ? 0 : optionLength(text.length);
    }

    private static int optionLength(int valueLength) {
        return OPTION_HEADER_LENGTH + valueLength + padding(valueLength);
    }

    private static int padding(int length) {
        return -length & 3;
    }

    /// Returns text as UTF-8, cut between characters where it exceeds what an option can hold.
    private static byte[] optionText(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length <= MAX_OPTION_LENGTH) {
            return bytes;
        }
        int end = MAX_OPTION_LENGTH;
        while ((bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
