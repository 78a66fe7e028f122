package dev.ringtail.pcap.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The TCP segment or UDP datagram in a frame, where it is there whole and its checksum can be
/// told: not of a fragment, and not of a packet that is source-routed.
///
/// A mutable flyweight over a frame of its caller's, who must not change the frame's bounds while
/// it is in use.
final class TransportPacket {
    static final int TCP = 6;
    static final int UDP = 17;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);

    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV6_ADDRESSES = 8;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private final FrameParser parser = new FrameParser();
    private MemorySegment frame = MemorySegment.NULL;
    private int protocol;
    private int ipVersion;
    private int networkAt;
    private int transportAt;
    private int transportHeaderLength;
    private int end;

    /// Reads the headers of one frame that begins where `frame` does.
    ///
    /// @param length bytes of the frame, all of it
    /// @return false where there is no such packet, or less of it than its headers tell
    boolean read(MemorySegment frame, int length, int linkType) {
        parser.parse(frame, 0, length, linkType);
        if (!parser.hasPorts() || parser.sourceRouted()) {
            return false;
        }
        this.frame = frame;
        protocol = parser.protocol();
        ipVersion = parser.ipVersion();
        networkAt = parser.networkOffset();
        transportAt = parser.transportOffset();
        end = end(length);
        if (end > length) {
            return false;
        }
        int available = end - transportAt;
        return switch (protocol) {
            case TCP -> {
                transportHeaderLength =
                        available < 20 ? 0 : (frame.get(BYTE, transportAt + 12L) >> 4 & 0xf) * 4;
                yield transportHeaderLength >= 20 && transportHeaderLength <= available;
            }
            case UDP -> {
                transportHeaderLength = 8;
                yield available >= 8;
            }
            default -> false;
        };
    }

    /// Where the IP packet ends. Its length field is 0 where it can't hold the length (BIG TCP); so
    /// is that of an IPv6 jumbogram.
    private int end(int length) {
        boolean ipv4 = ipVersion == 4;
        int field = frame.get(SHORT, networkAt + (ipv4 ? 2L : 4L)) & 0xffff;
        if (field == 0) {
            return length;
        }
        return networkAt + (ipv4 ? 0 : 40) + field;
    }

    int protocol() {
        return protocol;
    }

    int ipVersion() {
        return ipVersion;
    }

    /// Where the IP header begins, in bytes from the start of the frame.
    int networkAt() {
        return networkAt;
    }

    /// Where the transport header begins.
    int transportAt() {
        return transportAt;
    }

    /// Where the transport header, options included, ends.
    int payloadAt() {
        return transportAt + transportHeaderLength;
    }

    /// Where the packet ends; link-layer padding may follow.
    int end() {
        return end;
    }

    /// Where the checksum stands.
    int checksumAt() {
        return transportAt + (protocol == TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
    }

    /// The unfolded sum of the pseudo-header: addresses, protocol, length.
    ///
    /// @param length of transport header and payload in bytes
    long pseudoHeaderSum(int length) {
        long addresses =
                ipVersion == 4
                        ? InternetChecksum.sum(frame, networkAt + IPV4_ADDRESSES, 8)
                        : InternetChecksum.sum(frame, networkAt + IPV6_ADDRESSES, 32);
        return addresses + protocol + length;
    }
}
