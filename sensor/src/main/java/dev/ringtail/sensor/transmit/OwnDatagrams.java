package dev.ringtail.sensor.transmit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.frame.FrameParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Tells what belongs to one UDP conversation of this host: its datagrams in both directions, the
/// fragments of those that it sends, and the ICMP errors that answer them. To forward one of these
/// would make another, without end.
///
/// A fragment but the first has no ports: all fragments of UDP from the one address to the other
/// count. What was translated between the socket and the captured interface is not recognised, nor
/// is what is inside a tunnel. One thread; allocates nothing.
final class OwnDatagrams {
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int IPV6_FRAGMENT = 44;
    private static final int ICMPV6 = 58;

    /// ICMPv6 types below this are errors (RFC 4443, section 2.1).
    private static final int FIRST_ICMPV6_INFORMATION = 128;

    /// Both ICMPs quote the packet that an error is about behind 8 bytes (RFC 792, RFC 4443).
    private static final int ICMP_HEADER_BYTES = 8;

    private static final int IPV6_HEADER_BYTES = 40;
    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final FrameParser parser = new FrameParser();
    private final int ipVersion;
    private final long localHigh;
    private final long localLow;
    private final int localPort;
    private final long remoteHigh;
    private final long remoteLow;
    private final int remotePort;

    /// @param local address and port of the socket
    /// @param remote where it is connected to
    OwnDatagrams(InetSocketAddress local, InetSocketAddress remote) {
        ipVersion = local.getAddress() instanceof Inet6Address ? 6 : 4;
        localHigh = high(local.getAddress());
        localLow = low(local.getAddress());
        localPort = local.getPort();
        remoteHigh = high(remote.getAddress());
        remoteLow = low(remote.getAddress());
        remotePort = remote.getPort();
    }

    private static long high(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : 0;
    }

    private static long low(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? bytes.getLong(Long.BYTES)
                : Integer.toUnsignedLong(bytes.getInt());
    }

    /// Whether an Ethernet frame belongs to the conversation.
    ///
    /// @param at where in the memory the frame begins
    /// @param length how much of it is there
    boolean matches(MemorySegment memory, long at, int length) {
        parser.parse(memory, at, length, LinkType.ETHERNET);
        if (parser.ipVersion() != ipVersion) {
            return false;
        }
        return switch (parser.protocol()) {
            case UDP -> isOwnDatagram();
            case ICMP -> isError4() && quotesOwn(memory, at, length);
            case ICMPV6 -> isError6() && quotesOwn(memory, at, length);
            default -> false;
        };
    }

    private boolean isOwnDatagram() {
        if (parser.fragment()) {
            return fromLocal() && toRemote();
        }
        return fromLocal()
                        && toRemote()
                        && parser.sourcePort() == localPort
                        && parser.destinationPort() == remotePort
                || fromRemote()
                        && toLocal()
                        && parser.sourcePort() == remotePort
                        && parser.destinationPort() == localPort;
    }

    private boolean isError4() {
        return switch (parser.icmpType()) {
            // Destination unreachable, source quench, redirect, time exceeded, parameter problem.
            case 3, 4, 5, 11, 12 -> true;
            default -> false;
        };
    }

    private boolean isError6() {
        return parser.icmpType() >= 0 && parser.icmpType() < FIRST_ICMPV6_INFORMATION;
    }

    private boolean quotesOwn(MemorySegment memory, long at, int length) {
        if (parser.transportOffset() < 0) {
            return false;
        }
        long quoted = at + parser.transportOffset() + ICMP_HEADER_BYTES;
        long end = at + length;
        return ipVersion == 4 ? quotesOwn4(memory, quoted, end) : quotesOwn6(memory, quoted, end);
    }

    private boolean quotesOwn4(MemorySegment memory, long ip, long end) {
        if (ip + 20 > end || memory.get(JAVA_BYTE, ip + 9) != UDP) {
            return false;
        }
        long addresses = memory.get(NETWORK_LONG, ip + 12);
        if (addresses != (localLow << 32 | remoteLow)) {
            return false;
        }
        boolean laterFragment = (memory.get(NETWORK_SHORT, ip + 6) & 0x1fff) != 0;
        long ports = ip + (memory.get(JAVA_BYTE, ip) & 0x0f) * 4L;
        return laterFragment || hasOwnPorts(memory, ports, end);
    }

    private boolean quotesOwn6(MemorySegment memory, long ip, long end) {
        if (ip + IPV6_HEADER_BYTES > end
                || memory.get(NETWORK_LONG, ip + 8) != localHigh
                || memory.get(NETWORK_LONG, ip + 16) != localLow
                || memory.get(NETWORK_LONG, ip + 24) != remoteHigh
                || memory.get(NETWORK_LONG, ip + 32) != remoteLow) {
            return false;
        }
        int nextHeader = memory.get(JAVA_BYTE, ip + 6);
        return nextHeader == IPV6_FRAGMENT
                || nextHeader == UDP && hasOwnPorts(memory, ip + IPV6_HEADER_BYTES, end);
    }

    private boolean hasOwnPorts(MemorySegment memory, long ports, long end) {
        return ports + 4 <= end
                && (memory.get(NETWORK_SHORT, ports) & 0xffff) == localPort
                && (memory.get(NETWORK_SHORT, ports + 2) & 0xffff) == remotePort;
    }

    private boolean fromLocal() {
        return isSource(localHigh, localLow);
    }

    private boolean fromRemote() {
        return isSource(remoteHigh, remoteLow);
    }

    private boolean toLocal() {
        return isDestination(localHigh, localLow);
    }

    private boolean toRemote() {
        return isDestination(remoteHigh, remoteLow);
    }

    private boolean isSource(long high, long low) {
        return ipVersion == 4
                ? parser.sourceAddress4() == (int) low
                : parser.sourceAddressHigh() == high && parser.sourceAddressLow() == low;
    }

    private boolean isDestination(long high, long low) {
        return ipVersion == 4
                ? parser.destinationAddress4() == (int) low
                : parser.destinationAddressHigh() == high && parser.destinationAddressLow() == low;
    }
}
