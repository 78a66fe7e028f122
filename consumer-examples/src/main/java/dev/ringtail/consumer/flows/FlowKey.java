package dev.ringtail.consumer.flows;

import java.nio.ByteBuffer;

/// Which flow: link type, protocol, and two endpoints A and B, the same whichever of them sends.
///
/// A is the smaller (address, port) pair, compared as unsigned numbers, address first. One-way ICMP
/// messages are the exception: A is their sender, because Community ID keeps their direction.
///
/// As bytes, big-endian, 16 for IPv4 and 40 for IPv6:
///
/// ```text
/// | flags 1 | protocol 1 | linkType 2 | address A 4/16 | address B 4/16 | port A 2 | port B 2 |
/// ```
///
/// @param shape `linkType << 16 | protocol << 8 | flags`, see [#shape(int, int, int)]
/// @param aHigh first eight bytes of address A; 0 for IPv4
/// @param aLow last eight bytes of address A, or all four for IPv4
/// @param bHigh as `aHigh`, of address B
/// @param bLow as `aLow`, of address B
/// @param ports `port A << 16 | port B`; for ICMP what Community ID takes for ports; 0 without
record FlowKey(int shape, long aHigh, long aLow, long bHigh, long bLow, int ports) {
    /// Flag: the addresses are of IPv6.
    static final int IPV6 = 1;

    /// Flag: the flow is told by ports (or ICMP's types) too.
    static final int PORTS = 2;

    /// Flag: the flow of all fragments between two addresses.
    static final int FRAGMENTS = 4;

    private static final int IPV4_BYTES = 16;
    private static final int IPV6_BYTES = 40;

    /// Packs what is not an endpoint. Link types and protocols of which an IP header is found fit
    /// 16 and 8 bits.
    static int shape(int linkType, int protocol, int flags) {
        return linkType << 16 | (protocol & 0xff) << 8 | flags;
    }

    /// LINKTYPE of the packets.
    int linkType() {
        return shape >>> 16;
    }

    /// IP protocol number.
    int protocol() {
        return shape >>> 8 & 0xff;
    }

    /// Whether all flags of a mask are set.
    boolean is(int flags) {
        return (shape & flags) == flags;
    }

    /// Port of endpoint A.
    int portA() {
        return ports >>> 16;
    }

    /// Port of endpoint B.
    int portB() {
        return ports & 0xffff;
    }

    /// Spreads a key over 32 bits; [PacketFlow] hashes the same fields before there is a key.
    static int hash(int shape, long aHigh, long aLow, long bHigh, long bLow, int ports) {
        // The product of two odd multipliers per step, high half folded in: cheap, and neighbouring
        // addresses and ports do not cluster.
        long hash = (aHigh ^ Long.rotateLeft(bHigh, 32)) * 0x9e3779b97f4a7c15L;
        hash = (hash ^ aLow ^ Long.rotateLeft(bLow, 32)) * 0xc2b2ae3d27d4eb4fL;
        hash = (hash ^ hash >>> 32 ^ ((long) ports << 32 | shape)) * 0x9e3779b97f4a7c15L;
        return (int) (hash >>> 32);
    }

    @Override
    public int hashCode() {
        return hash(shape, aHigh, aLow, bHigh, bLow, ports);
    }

    /// The key as bytes, in the layout above.
    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(is(IPV6) ? IPV6_BYTES : IPV4_BYTES);
        out.put((byte) shape).put((byte) protocol()).putShort((short) linkType());
        if (is(IPV6)) {
            out.putLong(aHigh).putLong(aLow).putLong(bHigh).putLong(bLow);
        } else {
            out.putInt((int) aLow).putInt((int) bLow);
        }
        return out.putInt(ports).array();
    }

    /// Reads what [#toBytes] wrote.
    ///
    /// @throws IllegalStateException if the length is not that of the flags
    static FlowKey fromBytes(byte[] bytes) {
        boolean ipv6 = bytes.length > 0 && (bytes[0] & IPV6) != 0;
        if (bytes.length != (ipv6 ? IPV6_BYTES : IPV4_BYTES)) {
            throw new IllegalStateException("stored flow key has " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int flags = in.get();
        int protocol = in.get();
        int shape = shape(in.getShort() & 0xffff, protocol, flags);
        if (ipv6) {
            return new FlowKey(
                    shape, in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getInt());
        }
        long addressA = Integer.toUnsignedLong(in.getInt());
        long addressB = Integer.toUnsignedLong(in.getInt());
        return new FlowKey(shape, 0, addressA, 0, addressB, in.getInt());
    }
}
