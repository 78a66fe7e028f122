package dev.ringtail.pcap.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Cuts a TCP super-frame, of segmentation or receive offload, into the segments that an MTU
/// allows, as Linux does it where the device can't (`tcp_gso_segment`, `inet_gso_segment`,
/// `ipv6_gso_segment`).
///
/// Each segment has the headers of the super-frame: link header, VLAN tags, IP options or extension
/// headers, TCP options. Its own are
/// - the IP length, the TCP sequence number and both checksums,
/// - the IPv4 identification, one more than that of the segment before; where it is 0 and DF is
///   set, it stays 0 (RFC 6864: it means nothing),
/// - FIN and PSH, on the last segment alone, and CWR, on the first alone (RFC 3168).
///
/// The hop-by-hop jumbo option that Linux puts into an IPv6 super-frame of more than 64 KiB is left
/// out; it was never on a wire.
///
/// A mutable flyweight: [#begin], then [#next] for each segment. One thread at a time.
///
/// @see <a href="https://docs.kernel.org/networking/segmentation-offloads.html">Segmentation
///   Offloads</a>
public final class TcpSegmenter {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

    private static final int FIN = 0x01;
    private static final int PSH = 0x08;
    private static final int CWR = 0x80;

    private static final int DONT_FRAGMENT = 0x4000;
    private static final int IPV6_HEADER = 40;
    private static final int JUMBO_HEADER = 8;
    private static final int HOP_BY_HOP = 0;
    private static final int JUMBO_OPTION = 0xc2;

    private final int mtu;
    private final TransportPacket packet = new TransportPacket();

    private MemorySegment source = MemorySegment.NULL;
    private byte[] array = new byte[0];
    private MemorySegment segment = MemorySegment.NULL;
    private int networkAt;
    private int transportAt;
    private int payloadAt;
    private int segmentPayload;
    private int payloadLength;
    private int done;
    private int count;
    private int length;

    /// @param mtu most bytes of an IP packet, its header included
    public TcpSegmenter(int mtu) {
        this.mtu = mtu;
    }

    /// Takes a frame.
    ///
    /// @param frame holds the whole frame from `offset` on; read until the last segment is made
    /// @param linkType `LINKTYPE_*`
    /// @return false where it is not TCP with payload, whole and unfragmented, or has headers that
    ///   leave no room in the MTU; one that fits the MTU makes one segment
    public boolean begin(byte[] frame, int offset, int length, int linkType) {
        source = MemorySegment.ofArray(frame).asSlice(offset, length);
        done = 0;
        count = 0;
        payloadLength = 0;
        if (!packet.read(source, length, linkType) || packet.protocol() != TransportPacket.TCP) {
            return false;
        }
        int left = jumboHeaderLength();
        networkAt = packet.networkAt();
        transportAt = packet.transportAt() - left;
        payloadAt = packet.payloadAt() - left;
        segmentPayload = mtu - (payloadAt - networkAt);
        if (segmentPayload <= 0) {
            return false;
        }
        payloadLength = packet.end() - packet.payloadAt();
        copyHeaders(left);
        return payloadLength > 0;
    }

    private int jumboHeaderLength() {
        int extension = packet.networkAt() + IPV6_HEADER;
        boolean jumbo =
                packet.ipVersion() == 6
                        && packet.transportAt() >= extension + JUMBO_HEADER
                        && u8(source, packet.networkAt() + 6) == HOP_BY_HOP
                        && u8(source, extension + 1) == 0
                        && u8(source, extension + 2) == JUMBO_OPTION;
        return jumbo ? JUMBO_HEADER : 0;
    }

    private void copyHeaders(int left) {
        int most = payloadAt + Math.min(segmentPayload, payloadLength);
        if (array.length < most) {
            array = new byte[most];
            segment = MemorySegment.ofArray(array);
        }
        int kept = left == 0 ? payloadAt : networkAt + IPV6_HEADER;
        MemorySegment.copy(source, 0, segment, 0, kept);
        if (left > 0) {
            segment.set(BYTE, networkAt + 6L, source.get(BYTE, kept));
            MemorySegment.copy(source, kept + left, segment, kept, payloadAt - kept);
        }
    }

    /// Makes the next segment.
    ///
    /// @return false after the last, or where [#begin] found nothing to cut
    public boolean next() {
        if (done == payloadLength) {
            return false;
        }
        int payload = Math.min(segmentPayload, payloadLength - done);
        length = payloadAt + payload;
        MemorySegment.copy(source, packet.payloadAt() + done, segment, payloadAt, payload);
        writeNetworkHeader();
        writeTransportHeader(done + payload == payloadLength);
        done += payload;
        count++;
        return true;
    }

    private void writeNetworkHeader() {
        if (packet.ipVersion() == 6) {
            put16(networkAt + 4, length - networkAt - IPV6_HEADER);
        } else {
            writeIpv4Header();
        }
    }

    private void writeIpv4Header() {
        put16(networkAt + 2, length - networkAt);
        int id = u16(source, networkAt + 4);
        boolean atomic = id == 0 && (u16(source, networkAt + 6) & DONT_FRAGMENT) != 0;
        put16(networkAt + 4, atomic ? 0 : id + count);
        put16(networkAt + 10, 0);
        int headerLength = (u8(source, networkAt) & 0xf) * 4;
        put16(
                networkAt + 10,
                InternetChecksum.of(InternetChecksum.sum(segment, networkAt, headerLength)));
    }

    private void writeTransportHeader(boolean last) {
        int original = packet.transportAt();
        segment.set(INT, transportAt + 4L, source.get(INT, original + 4L) + done);
        int flags = u8(source, original + 13);
        if (!last) {
            flags &= ~(FIN | PSH);
        }
        if (done > 0) {
            flags &= ~CWR;
        }
        segment.set(BYTE, transportAt + 13L, (byte) flags);
        int transportLength = length - transportAt;
        put16(transportAt + 16, 0);
        put16(
                transportAt + 16,
                InternetChecksum.of(
                        packet.pseudoHeaderSum(transportLength)
                                + InternetChecksum.sum(segment, transportAt, transportLength)));
    }

    private void put16(int at, int value) {
        segment.set(SHORT, at, (short) value);
    }

    private static int u8(MemorySegment memory, int at) {
        return memory.get(BYTE, at) & 0xff;
    }

    private static int u16(MemorySegment memory, int at) {
        return memory.get(SHORT, at) & 0xffff;
    }

    /// Holds the present segment, a whole frame, from its first byte on; valid until [#next] or
    /// [#begin].
    public byte[] array() {
        return array;
    }

    /// Bytes of the present segment.
    public int length() {
        return length;
    }
}
