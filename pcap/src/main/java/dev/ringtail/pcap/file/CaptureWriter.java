package dev.ringtail.pcap.file;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Writes packets into a capture file.
///
/// One thread at a time. Output is buffered; closing writes the rest and closes the stream below.
/// The stream is given whole blocks, or packets, in each write, and what it refused it is not given
/// again.
public sealed interface CaptureWriter extends Closeable permits PcapngWriter, PcapWriter {
    /// Describes an interface that was captured without a filter.
    default int addInterface(String name, String description, int linkType, int snapLength)
            throws IOException {
        return addInterface(name, description, "", linkType, snapLength);
    }

    /// Describes an interface, at any time before its packets.
    ///
    /// @param name empty where there is none
    /// @param description empty where there is none
    /// @param filter capture filter in libpcap's language, empty where there was none
    /// @param linkType `LINKTYPE_*`
    /// @param snapLength bytes that were kept of a packet; 0 is unlimited
    /// @return the interface's number in this file, counted from 0
    /// @throws CaptureFormatException when the format can't hold such an interface beside the
    ///   others
    int addInterface(String name, String description, String filter, int linkType, int snapLength)
            throws IOException;

    /// Writes a packet.
    ///
    /// @param interfaceId as [#addInterface] returned it
    /// @param timestampNs capture time since the epoch
    /// @param originalLength length on the wire in bytes, 0 to 2^32 - 1
    /// @param data array that holds the captured bytes from `offset` on
    /// @param length how many were captured
    /// @param epbFlags see [EpbFlags]; 0 where nothing is known
    /// @param comment on this packet
    /// @throws CaptureFormatException when the format can't hold the timestamp
    void writePacket(
            int interfaceId,
            long timestampNs,
            long originalLength,
            byte[] data,
            int offset,
            int length,
            int epbFlags,
            @Nullable String comment)
            throws IOException;

    /// Writes what an interface counted, without comments.
    default void writeStatistics(
            int interfaceId,
            long timestampNs,
            long receivedCount,
            long interfaceDropCount,
            long osDropCount)
            throws IOException {
        writeStatistics(
                interfaceId,
                timestampNs,
                receivedCount,
                interfaceDropCount,
                osDropCount,
                List.of());
    }

    /// Writes what an interface counted, where the format has a place for it.
    ///
    /// @param timestampNs when it was counted, since the epoch
    /// @param receivedCount packets that the interface saw (`isb_ifrecv`)
    /// @param interfaceDropCount packets that the interface lost for want of resources
    ///   (`isb_ifdrop`)
    /// @param osDropCount packets that the operating system lost (`isb_osdrop`)
    /// @param comments on these counts
    void writeStatistics(
            int interfaceId,
            long timestampNs,
            long receivedCount,
            long interfaceDropCount,
            long osDropCount,
            List<String> comments)
            throws IOException;

    /// Hands all that was written to the stream below, so that a reader there sees it.
    void flush() throws IOException;
}
