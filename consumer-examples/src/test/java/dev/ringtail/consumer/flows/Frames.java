package dev.ringtail.consumer.flows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// Ethernet frames with what flows are made of: addresses, protocol, ports, flags, lengths.
final class Frames {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;

    private static final int TCP_HEADER_BYTES = 20;

    private Frames() {}

    static byte[] tcp(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            int flags,
            int payloadBytes) {
        ByteBuffer segment = ByteBuffer.allocate(TCP_HEADER_BYTES + payloadBytes);
        segment.putShort((short) sourcePort).putShort((short) destinationPort);
        segment.putInt(1).putInt(1).put((byte) 0x50).put((byte) flags).putShort((short) 1024);
        return ip(source, destination, 6, segment.array());
    }

    static byte[] udp(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            int payloadBytes) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + payloadBytes);
        datagram.putShort((short) sourcePort).putShort((short) destinationPort);
        datagram.putShort((short) (8 + payloadBytes));
        return ip(source, destination, 17, datagram.array());
    }

    static byte[] sctp(String source, int sourcePort, String destination, int destinationPort) {
        ByteBuffer packet = ByteBuffer.allocate(12);
        packet.putShort((short) sourcePort).putShort((short) destinationPort);
        return ip(source, destination, 132, packet.array());
    }

    static byte[] icmp(String source, String destination, int type, int code) {
        byte[] message = new byte[16];
        message[0] = (byte) type;
        message[1] = (byte) code;
        return ip(source, destination, source.contains(":") ? 58 : 1, message);
    }

    static byte[] ip(String source, String destination, int protocol, byte[] payload) {
        return source.contains(":")
                ? ipv6(source, destination, protocol, payload)
                : fragment(source, destination, protocol, 0, payload);
    }

    /// An IPv4 packet.
    ///
    /// @param flagsAndOffset the flags and fragment offset field
    static byte[] fragment(
            String source, String destination, int protocol, int flagsAndOffset, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + 20 + payload.length);
        frame.position(12).putShort((short) 0x0800);
        frame.putShort((short) 0x4500).putShort((short) (20 + payload.length));
        frame.putShort((short) 7).putShort((short) flagsAndOffset);
        frame.put((byte) 64).put((byte) protocol).putShort((short) 0);
        frame.put(address(source)).put(address(destination)).put(payload);
        return frame.array();
    }

    private static byte[] ipv6(String source, String destination, int protocol, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + 40 + payload.length);
        frame.position(12).putShort((short) 0x86dd);
        frame.putInt(0x60000000).putShort((short) payload.length);
        frame.put((byte) protocol).put((byte) 64);
        frame.put(address(source)).put(address(destination)).put(payload);
        return frame.array();
    }

    static byte[] arp() {
        return ByteBuffer.allocate(42).put(12, (byte) 0x08).put(13, (byte) 0x06).array();
    }

    /// The bytes of an address literal.
    static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }
}
