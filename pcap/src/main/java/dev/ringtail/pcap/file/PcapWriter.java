package dev.ringtail.pcap.file;

import dev.ringtail.pcap.LinkType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;

/// Writes a pcap file, little-endian, with timestamps in nanoseconds.
///
/// Such a file has one link type and no place for names, flags, comments and statistics: interfaces
/// of that link type are merged, the rest is left out.
///
/// @see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html">pcap</a>
public final class PcapWriter implements CaptureWriter {
    /// What tcpdump writes by default; readers cut what exceeds the file's snap length.
    private static final int MIN_SNAP_LENGTH = 262_144;

    private static final long NS_PER_SECOND = 1_000_000_000;

    private final CaptureOutput out;
    private int interfaceCount;
    private int linkType;

    /// Begins a file; its header is written with the first interface.
    ///
    /// @param out closed with this writer
    public PcapWriter(OutputStream out) {
        this.out = new CaptureOutput(out);
    }

    @Override
    public int addInterface(
            String name, String description, String filter, int interfaceLinkType, int snapLength)
            throws IOException {
        if (interfaceCount == 0) {
            writeHeader(interfaceLinkType, Math.max(snapLength, MIN_SNAP_LENGTH));
        } else if (interfaceLinkType != linkType) {
            throw new CaptureFormatException(
                    ("a pcap file has one link type, here %s, so it can't hold interface %s with"
                                    + " %s; write pcapng")
                            .formatted(
                                    LinkType.name(linkType),
                                    name,
                                    LinkType.name(interfaceLinkType)));
        }
        return interfaceCount++;
    }

    private void writeHeader(int fileLinkType, int snapLength) throws IOException {
        linkType = fileLinkType;
        out.begin(PcapReader.FILE_HEADER_LENGTH);
        out.i32(PcapReader.NANOSECOND_MAGIC);
        out.i16(2);
        out.i16(4);
        out.i64(0);
        out.i32(snapLength);
        out.i32(fileLinkType);
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
        int original = PcapngWriter.unsigned32(originalLength);
        long seconds = Math.floorDiv(timestampNs, NS_PER_SECOND);
        if (seconds < 0 || seconds > 0xffff_ffffL) {
            throw new CaptureFormatException(
                    "a pcap file can't hold the timestamp %d ns; 1970 to 2106 are allowed"
                            .formatted(timestampNs));
        }
        out.begin(Math.addExact(PcapReader.RECORD_HEADER_LENGTH, length));
        out.i32((int) seconds);
        out.i32((int) Math.floorMod(timestampNs, NS_PER_SECOND));
        out.i32(length);
        out.i32(original);
        out.bytes(data, offset, length);
    }

    @Override
    public void writeStatistics(
            int interfaceId,
            long timestampNs,
            long receivedCount,
            long interfaceDropCount,
            long osDropCount,
            List<String> comments) {
        Objects.checkIndex(interfaceId, interfaceCount);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /// Closes the file; one without any interface is made an empty Ethernet capture.
    @Override
    public void close() throws IOException {
        if (interfaceCount == 0) {
            addInterface("", "", LinkType.ETHERNET, MIN_SNAP_LENGTH);
        }
        out.close();
    }
}
