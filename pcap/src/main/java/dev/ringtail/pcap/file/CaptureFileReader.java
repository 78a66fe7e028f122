package dev.ringtail.pcap.file;

import dev.ringtail.pcap.LinkType;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// Reads the packets of a capture file one after the other.
///
/// pcap in its microsecond, nanosecond and "modified" (Kuznetsov) forms and pcapng, both in either
/// byte order, both also compressed by gzip or zstd. A reader is a cursor: after [#next] the
/// accessors tell of the packet it moved to, and the array of [#data] is that packet's until the
/// following call. One thread at a time. Memory is bounded by the largest packet and, in pcapng,
/// the interfaces.
///
/// Data comes as it is in the file. Headers that the capturing machine wrote in its own byte order
/// (USB, NFLOG, PFLOG, the family of NULL) keep it, and no reader of a rewritten file can tell.
///
/// A file that is cut off or corrupt yields the packets before that place, then
/// [CaptureFormatException]; after it the reader is at its end.
///
/// @see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html">pcap</a>
/// @see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html">pcapng</a>
public abstract sealed class CaptureFileReader implements AutoCloseable
        permits PcapReader, PcapngReader {
    /// The interface of packets before the first one.
    private static final CaptureInterface NONE =
            new CaptureInterface(
                    0,
                    "",
                    "",
                    LinkType.NULL,
                    0,
                    TimestampResolution.ofCode(TimestampResolution.DEFAULT_CODE, 0));

    final CaptureInput input;
    private boolean ended;
    private long packetCount;
    private CaptureInterface captureInterface = NONE;
    private long fileOffset;
    private long timestampNs;
    private long originalLength;
    private int dataOffset;
    private int dataLength;
    private int flags;

    CaptureFileReader(CaptureInput input) {
        this.input = input;
    }

    /// Opens a capture file and reads as much of it as tells its format.
    ///
    /// @throws CaptureFormatException when it isn't one of those formats
    /// @throws IOException when it can't be read
    public static CaptureFileReader open(Path file) throws IOException {
        return open(Files.newInputStream(file), file.toString(), null);
    }

    /// Opens a capture file whose content, as it is without compression, goes into a digest while
    /// it is read; [#drain] completes it.
    ///
    /// @throws CaptureFormatException when it isn't one of those formats
    /// @throws IOException when it can't be read
    public static CaptureFileReader open(Path file, MessageDigest digest) throws IOException {
        return open(Files.newInputStream(file), file.toString(), digest);
    }

    /// Opens a capture file that comes as a stream, which the reader closes, also when this throws.
    ///
    /// @param name of the file, for messages
    /// @throws CaptureFormatException when it isn't one of those formats
    /// @throws IOException when it can't be read
    public static CaptureFileReader open(InputStream in, String name) throws IOException {
        return open(in, name, null);
    }

    private static CaptureFileReader open(
            InputStream in, String name, @Nullable MessageDigest digest) throws IOException {
        Closeable opened = in;
        try {
            CaptureInput input = CaptureInput.of(in, name, digest);
            opened = input;
            return of(input);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static CaptureFileReader of(CaptureInput input) throws IOException {
        int magic = input.peekMagic();
        if (magic == PcapngReader.SECTION_HEADER) {
            return new PcapngReader(input);
        }
        input.bigEndian(PcapReader.isMagic(magic));
        if (input.bigEndian() || PcapReader.isMagic(Integer.reverseBytes(magic))) {
            return new PcapReader(input);
        }
        throw input.error(0, ForeignFormat.describe(magic));
    }

    /// Moves to the next packet.
    ///
    /// @return false at the end of the file
    /// @throws CaptureFormatException when the file is cut off or corrupt here
    /// @throws IOException when it can't be read
    public final boolean next() throws IOException {
        if (ended) {
            return false;
        }
        ended = true; // Stays so when the following throws.
        ended = !readPacket();
        return !ended;
    }

    /// Reads the rest of the file without looking for packets, for the digest.
    ///
    /// @throws IOException when it can't be read
    public final void drain() throws IOException {
        ended = true;
        input.drain();
    }

    /// Reads up to the next packet and tells it to [#packet]; returns false at the end of the file.
    abstract boolean readPacket() throws IOException;

    /// Takes over a packet whose bytes are in the input.
    final void packet(
            CaptureInterface from,
            long atFileOffset,
            long atNs,
            long lengthOnWire,
            int dataAt,
            int capturedLength) {
        packetCount++;
        captureInterface = from;
        fileOffset = atFileOffset;
        timestampNs = atNs;
        originalLength = lengthOnWire;
        dataOffset = dataAt;
        dataLength = capturedLength;
        flags = 0;
    }

    final void flags(int epbFlags) {
        flags = epbFlags;
    }

    /// Names the packet that is being read, for messages.
    final String nextPacketName() {
        return "packet " + (packetCount + 1);
    }

    /// Number of the packet's interface, counted from 0 over all sections of the file.
    public final int interfaceIndex() {
        return captureInterface.index();
    }

    /// `LINKTYPE_*` of the packet's interface.
    public final int linkType() {
        return captureInterface.linkType();
    }

    /// Bytes that its interface kept of a packet; 0 is unlimited. Files exist with longer packets.
    public final int snapLength() {
        return captureInterface.snapLength();
    }

    /// Name of the packet's interface, empty where the file has none.
    public final String interfaceName() {
        return captureInterface.name();
    }

    /// Description of the packet's interface, empty where the file has none.
    public final String interfaceDescription() {
        return captureInterface.description();
    }

    /// Capture time in nanoseconds since the epoch; 0 for a simple packet block, which has none.
    public final long timestampNs() {
        return timestampNs;
    }

    /// Length of the packet on the wire in bytes, as the file says it: up to 2^32 - 1, and not
    /// always at least [#dataLength].
    public final long originalLength() {
        return originalLength;
    }

    /// Array with the captured bytes, valid until the next call of [#next].
    public final byte[] data() {
        return input.bytes();
    }

    /// Where in [#data] the packet begins.
    public final int dataOffset() {
        return dataOffset;
    }

    /// How many bytes of the packet were captured.
    public final int dataLength() {
        return dataLength;
    }

    /// 0 unknown, 1 inbound, 2 outbound.
    public final int direction() {
        return EpbFlags.direction(flags);
    }

    /// Whom the packet was for: 0 host, 1 broadcast, 2 multicast, 3 other host, 4 outgoing, or
    /// [EpbFlags#UNKNOWN_PACKET_TYPE].
    public final int packetType() {
        return EpbFlags.packetType(flags);
    }

    /// Where in the file, without its compression, the packet's record or block begins.
    public final long fileOffset() {
        return fileOffset;
    }

    @Override
    public final void close() throws IOException {
        input.close();
    }
}
