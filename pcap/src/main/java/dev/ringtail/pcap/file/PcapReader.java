package dev.ringtail.pcap.file;

import dev.ringtail.pcap.LinkType;

import java.io.IOException;

/// Reads a pcap file.
///
/// | file header, byte | field |
/// | --- | --- |
/// | 0 | magic |
/// | 4 | version: major, minor (16 bits each) |
/// | 8 | reserved |
/// | 16 | snap length |
/// | 20 | link type; the upper bits tell of a frame check sequence |
///
/// | record, byte | field |
/// | --- | --- |
/// | 0 | seconds |
/// | 4 | microseconds or nanoseconds |
/// | 8 | captured length |
/// | 12 | original length |
/// | 16 | modified files only: interface index (32 bits), protocol (16), packet type (8), padding |
///
/// Programs of around the year 2000 wrote other headers under the same magics: the modified one
/// under the usual magic (Red Hat 6.1), one of 28 bytes under the modified magic (SuSE 6.3), one of
/// 20 bytes under the usual magic (Nokia). As Wireshark does, the first records are asked: another
/// header is taken only where with the magic's own the second record makes no sense, and with the
/// other it does.
///
/// Versions before 2.4 had the two lengths the other way round, 2.3 not always: as libpcap does,
/// the smaller is taken for the captured length there.
final class PcapReader extends CaptureFileReader {
    private static final int MICROSECOND_MAGIC = 0xa1b2c3d4;
    static final int NANOSECOND_MAGIC = 0xa1b23c4d;
    private static final int MODIFIED_MAGIC = 0xa1b2cd34;

    static final int FILE_HEADER_LENGTH = 24;
    static final int RECORD_HEADER_LENGTH = 16;
    private static final int NOKIA_RECORD_HEADER_LENGTH = 20;
    private static final int MODIFIED_RECORD_HEADER_LENGTH = 24;
    private static final int SUSE_RECORD_HEADER_LENGTH = 28;

    private static final int PACKET_TYPE_AT = 22;

    /// Four years: the first two packets of a file are not further apart.
    private static final long MAX_SECONDS_APART = 1L << 27;

    /// `LT_LINKTYPE` of libpcap: what is above tells of the frame check sequence.
    private static final int LINK_TYPE_MASK = 0x03ff_ffff;

    private final long nsPerFraction;
    private final int versionMinor;
    private final int recordHeaderLength;
    private final CaptureInterface captureInterface;
    private final long maxCapturedLength;

    PcapReader(CaptureInput input) throws IOException {
        super(input);
        input.require(0, FILE_HEADER_LENGTH, "the pcap file header");
        int magic = input.i32(0);
        nsPerFraction = magic == NANOSECOND_MAGIC ? 1 : 1000;
        int versionMajor = input.u16(4);
        versionMinor = input.u16(6);
        if (versionMajor != 2 || versionMinor > 4) {
            throw input.error(
                    4,
                    "pcap version %d.%d; 2.0 to 2.4 can be read"
                            .formatted(versionMajor, versionMinor));
        }
        refuseAix(magic);
        int linkType = LinkType.fromDlt(input.i32(20) & LINK_TYPE_MASK);
        captureInterface =
                new CaptureInterface(
                        0,
                        "",
                        "",
                        linkType,
                        CaptureInterface.snapLength(input.u32(16)),
                        TimestampResolution.ofCode(TimestampResolution.DEFAULT_CODE, 0));
        maxCapturedLength = maxCapturedLength(linkType);
        recordHeaderLength =
                switch (magic) {
                    case MODIFIED_MAGIC ->
                            recordHeaderLength(
                                    MODIFIED_RECORD_HEADER_LENGTH, SUSE_RECORD_HEADER_LENGTH);
                    case MICROSECOND_MAGIC ->
                            recordHeaderLength(
                                    RECORD_HEADER_LENGTH,
                                    MODIFIED_RECORD_HEADER_LENGTH,
                                    NOKIA_RECORD_HEADER_LENGTH);
                    default -> RECORD_HEADER_LENGTH;
                };
    }

    /// AIX has the version of libpcaps before 2.3, but nanoseconds, and interface types (RFC 1573)
    /// for link types: Ethernet, token ring, FDDI, loopback. Wireshark knows it by these.
    private void refuseAix(int magic) throws CaptureFormatException {
        int type = input.i32(20);
        if (magic == MICROSECOND_MAGIC
                && versionMinor == 2
                && (type == 6 || type == 9 || type == 15 || type == 24)) {
            throw input.error(
                    20,
                    "version 2.2 with link type %d is AIX's own format, to be converted first with editcap"
                            .formatted(type));
        }
    }

    private int recordHeaderLength(int usual, int... others) throws IOException {
        if (versionMinor == 4 && isFollowedByNonsense(usual)) {
            for (int other : others) {
                if (isFollowedByARecord(other)) {
                    return other;
                }
            }
        }
        return usual;
    }

    private boolean isFollowedByNonsense(int headerLength) throws IOException {
        return peekTwoRecords(headerLength) && !isFollowedByARecord(headerLength);
    }

    /// Whether the header of a second record is where it is expected, and makes sense.
    private boolean isFollowedByARecord(int headerLength) throws IOException {
        if (!peekTwoRecords(headerLength)) {
            return false;
        }
        int at = headerLength + input.i32(8);
        long capturedLength = input.u32(at + 8);
        return Math.abs(input.u32(at) - input.u32(0)) < MAX_SECONDS_APART
                && input.u32(at + 4) < 1_000_000
                && capturedLength <= maxCapturedLength
                && capturedLength <= input.u32(at + 12);
    }

    /// Brings the first record and the next one's first fields into the input, to be read later all
    /// the same; returns false where the file is not that long.
    private boolean peekTwoRecords(int headerLength) throws IOException {
        if (input.peek(RECORD_HEADER_LENGTH) < RECORD_HEADER_LENGTH
                || input.u32(8) > maxCapturedLength) {
            return false;
        }
        int needed = headerLength + input.i32(8) + RECORD_HEADER_LENGTH;
        return input.peek(needed) == needed;
    }

    static boolean isMagic(int magic) {
        return magic == MICROSECOND_MAGIC || magic == NANOSECOND_MAGIC || magic == MODIFIED_MAGIC;
    }

    /// libpcap's `max_snaplen_for_dlt`: a longer packet is a corrupt length.
    private static long maxCapturedLength(int linkType) {
        return switch (linkType) {
            // D-Bus; USB with its three headers.
            case 231, 189, 220, 249 -> 128L << 20;
            // Elektrobit high speed capture and replay.
            case 279 -> 8L << 20;
            default -> 1L << 18;
        };
    }

    @Override
    boolean readPacket() throws IOException {
        long at = input.position();
        int headerBytes = input.read(0, recordHeaderLength);
        if (headerBytes == 0) {
            return false;
        }
        if (headerBytes < recordHeaderLength) {
            throw input.truncated(
                    "the header of " + nextPacketName(), recordHeaderLength - headerBytes);
        }
        // Fits: 2^32 seconds are less than half of a long's nanoseconds.
        long timestampNs = input.u32(0) * 1_000_000_000L + input.u32(4) * nsPerFraction;
        long capturedLength = input.u32(8);
        long originalLength = input.u32(12);
        if (versionMinor < 3 || (versionMinor == 3 && capturedLength > originalLength)) {
            long other = capturedLength;
            capturedLength = originalLength;
            originalLength = other;
        }
        int packetType =
                recordHeaderLength < MODIFIED_RECORD_HEADER_LENGTH
                        ? EpbFlags.UNKNOWN_PACKET_TYPE
                        : input.u8(PACKET_TYPE_AT);
        if (capturedLength > maxCapturedLength) {
            throw input.error(
                    at,
                    "%s has a captured length of %d bytes; link type %s allows %d"
                            .formatted(
                                    nextPacketName(),
                                    capturedLength,
                                    LinkType.name(captureInterface.linkType()),
                                    maxCapturedLength));
        }
        input.require(0, (int) capturedLength, "the data of " + nextPacketName());
        packet(captureInterface, at, timestampNs, originalLength, 0, (int) capturedLength);
        flags(EpbFlags.ofPacketType(packetType));
        return true;
    }
}
