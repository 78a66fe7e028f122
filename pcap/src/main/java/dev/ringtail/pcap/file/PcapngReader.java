package dev.ringtail.pcap.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads a pcapng file.
///
/// A block is a type, a total length, a body and the total length again, 32 bits each and the whole
/// padded to 32 bits. Section header, interface description and the three kinds of packet blocks
/// are read, others are passed over. The block at hand lies in the input from index 0 on, so
/// indices here are the offsets of the specification.
///
/// What follows a packet's data (its options) is taken only where it is right, as libpcap, which
/// looks at none, would read such a packet too.
///
/// @see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html">pcapng</a>
final class PcapngReader extends CaptureFileReader {
    static final int SECTION_HEADER = 0x0a0d0d0a;
    static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;

    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;

    private static final int HEADER_LENGTH = 8;
    private static final int TRAILER_LENGTH = 4;

    /// The largest packet that any link type of libpcap has, and room for options.
    private static final long MAX_BLOCK_LENGTH = (128L << 20) + (1L << 18);

    /// A packet names its interface by 32 bits, but no capture has so many.
    private static final int MAX_INTERFACE_COUNT = 1 << 16;

    private final List<CaptureInterface> sectionInterfaces = new ArrayList<>();
    private int earlierInterfaceCount;

    PcapngReader(CaptureInput input) throws IOException {
        super(input);
        input.require(0, HEADER_LENGTH, "the section header block");
        readSectionHeader(0);
    }

    @Override
    boolean readPacket() throws IOException {
        // Ends with the file: every round consumes a block.
        while (true) {
            long at = input.position();
            int headerBytes = input.read(0, HEADER_LENGTH);
            if (headerBytes == 0) {
                return false;
            }
            if (headerBytes < HEADER_LENGTH) {
                throw input.truncated("a block header", HEADER_LENGTH - headerBytes);
            }
            int type = input.i32(0);
            switch (type) {
                case SECTION_HEADER -> readSectionHeader(at);
                case INTERFACE_DESCRIPTION -> readInterface(at);
                case ENHANCED_PACKET -> {
                    readEnhancedPacket(at);
                    return true;
                }
                case SIMPLE_PACKET -> {
                    readSimplePacket(at);
                    return true;
                }
                case OBSOLETE_PACKET -> {
                    readObsoletePacket(at);
                    return true;
                }
                default -> skipBody(at, blockLength(at, HEADER_LENGTH), HEADER_LENGTH);
            }
        }
    }

    private void readSectionHeader(long at) throws IOException {
        input.require(HEADER_LENGTH, 16, "the section header block");
        input.bigEndian(false);
        if (input.i32(8) != BYTE_ORDER_MAGIC) {
            input.bigEndian(true);
            if (input.i32(8) != BYTE_ORDER_MAGIC) {
                throw input.error(
                        at + 8,
                        "the byte-order magic is %08x; 1a2b3c4d in either order is allowed"
                                .formatted(input.i32(8)));
            }
        }
        int major = input.u16(12);
        int minor = input.u16(14);
        // 1.2 is what some writers called the same format.
        if (major != 1 || (minor != 0 && minor != 2)) {
            throw input.error(
                    at + 12, "pcapng version %d.%d; 1.0 can be read".formatted(major, minor));
        }
        earlierInterfaceCount += sectionInterfaces.size();
        sectionInterfaces.clear();
        skipBody(at, blockLength(at, 24), 24);
    }

    private void readInterface(long at) throws IOException {
        int length = readBlock(at, 16);
        int index = earlierInterfaceCount + sectionInterfaces.size();
        if (index >= MAX_INTERFACE_COUNT) {
            throw input.error(
                    at, "the file has more than %d interfaces".formatted(MAX_INTERFACE_COUNT));
        }
        int resolutionCode = TimestampResolution.DEFAULT_CODE;
        long offsetSeconds = 0;
        String name = "";
        String description = "";
        PcapngOptions options = new PcapngOptions(input, 16, length - TRAILER_LENGTH);
        while (options.next()) {
            switch (options.code()) {
                case PcapngOptions.IF_NAME -> name = options.text();
                case PcapngOptions.IF_DESCRIPTION -> description = options.text();
                case PcapngOptions.IF_TSRESOL -> {
                    checkOptionLength(at, options, "if_tsresol", Byte.BYTES);
                    resolutionCode = input.u8(options.valueAt());
                }
                case PcapngOptions.IF_TSOFFSET -> {
                    checkOptionLength(at, options, "if_tsoffset", Long.BYTES);
                    offsetSeconds = input.i64(options.valueAt());
                }
                default -> {}
            }
        }
        if (options.malformed()) {
            throw input.error(at, "an option of interface %d exceeds its block".formatted(index));
        }
        if (!TimestampResolution.supports(resolutionCode)) {
            throw input.error(
                    at,
                    ("the timestamp resolution of interface %d is 0x%02x; down to 10^-19 (0x13) and"
                                    + " 2^-63 (0xbf) seconds can be read")
                            .formatted(index, resolutionCode));
        }
        sectionInterfaces.add(
                new CaptureInterface(
                        index,
                        name,
                        description,
                        input.u16(8),
                        CaptureInterface.snapLength(input.u32(12)),
                        TimestampResolution.ofCode(resolutionCode, offsetSeconds)));
    }

    private void checkOptionLength(long at, PcapngOptions option, String name, int allowed)
            throws CaptureFormatException {
        if (option.length() != allowed) {
            throw input.error(
                    at,
                    "the option %s has %d bytes; %d are allowed"
                            .formatted(name, option.length(), allowed));
        }
    }

    private void readEnhancedPacket(long at) throws IOException {
        int length = readBlock(at, 28);
        readPacketBody(at, length, sectionInterface(at, input.u32(8)));
    }

    /// The enhanced block's layout but for a drop count in half of the interface number.
    private void readObsoletePacket(long at) throws IOException {
        int length = readBlock(at, 28);
        readPacketBody(at, length, sectionInterface(at, input.u16(8)));
    }

    private void readPacketBody(long at, int blockLength, CaptureInterface from)
            throws IOException {
        int end = blockLength - TRAILER_LENGTH;
        long capturedLength = input.u32(20);
        if (capturedLength > end - 28) {
            throw input.error(
                    at,
                    "%s has a captured length of %d bytes; its block has room for %d"
                            .formatted(nextPacketName(), capturedLength, end - 28));
        }
        long units = input.u32(12) << 32 | input.u32(16);
        packet(from, at, timestampNs(at, from, units), input.u32(24), 28, (int) capturedLength);
        int padding = -(int) capturedLength & 3;
        PcapngOptions options = new PcapngOptions(input, 28 + (int) capturedLength + padding, end);
        while (options.next()) {
            if (options.code() == PcapngOptions.EPB_FLAGS && options.length() == Integer.BYTES) {
                flags(input.i32(options.valueAt()));
            }
        }
    }

    private long timestampNs(long at, CaptureInterface from, long units) throws IOException {
        try {
            return from.resolution().toNs(units);
        } catch (ArithmeticException e) {
            throw input.error(
                    at,
                    ("the timestamp of %s, %s units of %s, is not between 1677 and 2262, which"
                                    + " nanoseconds in 64 bits can hold")
                            .formatted(
                                    nextPacketName(),
                                    Long.toUnsignedString(units),
                                    from.resolution()));
        }
    }

    /// Has no captured length: it follows from the original one, the snap length and the block.
    private void readSimplePacket(long at) throws IOException {
        int length = readBlock(at, 12);
        CaptureInterface from = sectionInterface(at, 0);
        long originalLength = input.u32(8);
        long expected =
                from.snapLength() == 0
                        ? originalLength
                        : Math.min(originalLength, from.snapLength());
        int room = length - 12 - TRAILER_LENGTH;
        if (expected > room) {
            throw input.error(
                    at,
                    "%s has %d bytes; its block has room for %d"
                            .formatted(nextPacketName(), expected, room));
        }
        packet(from, at, 0, originalLength, 12, (int) expected);
    }

    private CaptureInterface sectionInterface(long at, long id) throws CaptureFormatException {
        if (id >= sectionInterfaces.size()) {
            throw input.error(
                    at,
                    "%s is of interface %d; the section has described %d so far"
                            .formatted(nextPacketName(), id, sectionInterfaces.size()));
        }
        return sectionInterfaces.get((int) id);
    }

    /// Reads the rest of the block whose header is there, and returns its total length.
    ///
    /// @param bodyAt where the fixed fields end
    private int readBlock(long at, int bodyAt) throws IOException {
        long length = blockLength(at, bodyAt);
        if (length > MAX_BLOCK_LENGTH) {
            throw input.error(
                    at,
                    "a block has a total length of %d bytes; %d are allowed"
                            .formatted(length, MAX_BLOCK_LENGTH));
        }
        int rest = (int) length - HEADER_LENGTH;
        input.require(HEADER_LENGTH, rest, "a block of " + length + " bytes");
        checkTrailer(at, length, (int) length - TRAILER_LENGTH);
        return (int) length;
    }

    /// Passes over what follows the first `present` bytes of a block.
    private void skipBody(long at, long length, int present) throws IOException {
        String what = "a block of " + length + " bytes";
        input.skip(length - present - TRAILER_LENGTH, present, what);
        input.require(present, TRAILER_LENGTH, what);
        checkTrailer(at, length, present);
    }

    private long blockLength(long at, int bodyAt) throws CaptureFormatException {
        long length = input.u32(4);
        int minimum = bodyAt + TRAILER_LENGTH;
        if (length < minimum || length % 4 != 0) {
            throw input.error(
                    at + 4,
                    "a block of type 0x%08x has a total length of %d bytes; multiples of 4 from %d are allowed"
                            .formatted(input.i32(0), length, minimum));
        }
        return length;
    }

    private void checkTrailer(long at, long length, int trailerAt) throws CaptureFormatException {
        long repeated = input.u32(trailerAt);
        if (repeated != length) {
            throw input.error(
                    at + length - TRAILER_LENGTH,
                    "a block of %d bytes ends with a total length of %d"
                            .formatted(length, repeated));
        }
    }
}
