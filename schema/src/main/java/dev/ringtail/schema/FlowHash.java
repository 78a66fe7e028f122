package dev.ringtail.schema;

/// Hash that spreads packets over the partitions so that both directions of a flow meet, whichever
/// sensor saw them.
///
/// It is murmur2 exactly as in Kafka's default partitioner, over the canonical bytes that
/// `schema/README.md` specifies, computed from registers: no array, no allocation. Addresses are
/// big-endian numbers (10.0.0.1 is 0x0a000001), compared as unsigned.
public final class FlowHash {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private static final int IPV4_LENGTH = 9;
    private static final int IPV4_PORTS_LENGTH = 13;
    private static final int IPV6_LENGTH = 33;
    private static final int IPV6_PORTS_LENGTH = 37;
    private static final int MAC_LENGTH = 14;
    private static final int LINK_TYPE_LENGTH = 4;

    private FlowHash() {}

    /// Hash of an unfragmented IPv4 packet with ports.
    ///
    /// @param sourcePort 0 to 65535
    /// @param destinationPort 0 to 65535
    /// @param protocol 0 to 255
    public static int ipv4(
            int source, int destination, int sourcePort, int destinationPort, int protocol) {
        int order = Integer.compareUnsigned(source, destination);
        boolean forward = order < 0 || (order == 0 && sourcePort <= destinationPort);
        int hash = SEED ^ IPV4_PORTS_LENGTH;
        hash = word(hash, forward ? source : destination);
        hash = word(hash, forward ? destination : source);
        hash = word(hash, ports(forward, sourcePort, destinationPort));
        return finish(lastByte(hash, protocol));
    }

    /// Hash of any other IPv4 packet: one of a protocol without ports, or a fragment.
    ///
    /// @param protocol 0 to 255
    public static int ipv4(int source, int destination, int protocol) {
        boolean forward = Integer.compareUnsigned(source, destination) <= 0;
        int hash = SEED ^ IPV4_LENGTH;
        hash = word(hash, forward ? source : destination);
        hash = word(hash, forward ? destination : source);
        return finish(lastByte(hash, protocol));
    }

    /// Hash of an unfragmented IPv6 packet with ports.
    ///
    /// @param sourcePort 0 to 65535
    /// @param destinationPort 0 to 65535
    /// @param protocol the last header's, 0 to 255
    public static int ipv6(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort,
            int protocol) {
        int order = compareIpv6(sourceHigh, sourceLow, destinationHigh, destinationLow);
        boolean forward = order < 0 || (order == 0 && sourcePort <= destinationPort);
        int hash = SEED ^ IPV6_PORTS_LENGTH;
        hash = ipv6Pair(hash, forward, sourceHigh, sourceLow, destinationHigh, destinationLow);
        hash = word(hash, ports(forward, sourcePort, destinationPort));
        return finish(lastByte(hash, protocol));
    }

    /// Hash of any other IPv6 packet: one of a protocol without ports, or a fragment.
    ///
    /// @param protocol the last header's, 0 to 255
    public static int ipv6(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol) {
        boolean forward = compareIpv6(sourceHigh, sourceLow, destinationHigh, destinationLow) <= 0;
        int hash = SEED ^ IPV6_LENGTH;
        hash = ipv6Pair(hash, forward, sourceHigh, sourceLow, destinationHigh, destinationLow);
        return finish(lastByte(hash, protocol));
    }

    /// Hash of a packet that is not IP but has MAC addresses.
    ///
    /// @param sourceMac 48 bits
    /// @param destinationMac 48 bits
    /// @param etherType after any VLAN tags; the length field of an 802.3 frame as it is
    public static int mac(long sourceMac, long destinationMac, int etherType) {
        long low = Math.min(sourceMac, destinationMac);
        long high = Math.max(sourceMac, destinationMac);
        int hash = SEED ^ MAC_LENGTH;
        hash = word(hash, (int) (low >>> 16));
        hash = word(hash, (int) (low << 16) | (int) (high >>> 32));
        hash = word(hash, (int) high);
        hash ^= (etherType & 0xff) << 8;
        return finish(lastByte(hash, etherType >>> 8));
    }

    /// Hash of a packet in which neither addresses nor MACs can be read.
    ///
    /// @param linkType LINKTYPE_*
    public static int linkType(int linkType) {
        return finish(word(SEED ^ LINK_TYPE_LENGTH, linkType));
    }

    /// Partition of a hash, as Kafka's default partitioner takes it.
    ///
    /// @param partitionCount at least 1; fixed for a session
    public static int partition(int hash, int partitionCount) {
        int positive = hash & 0x7fffffff;
        // A division takes longer than all of the hash, and counts mostly are powers of two.
        return (partitionCount & partitionCount - 1) == 0
                ? positive & partitionCount - 1
                : positive % partitionCount;
    }

    private static int compareIpv6(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    private static int ipv6Pair(
            int hash,
            boolean forward,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        int next = doubleWord(hash, forward ? sourceHigh : destinationHigh);
        next = doubleWord(next, forward ? sourceLow : destinationLow);
        next = doubleWord(next, forward ? destinationHigh : sourceHigh);
        return doubleWord(next, forward ? destinationLow : sourceLow);
    }

    private static int ports(boolean forward, int sourcePort, int destinationPort) {
        return forward ? sourcePort << 16 | destinationPort : destinationPort << 16 | sourcePort;
    }

    private static int doubleWord(int hash, long bigEndian) {
        return word(word(hash, (int) (bigEndian >>> 32)), (int) bigEndian);
    }

    /// Mixes in the next four canonical bytes, given as a big-endian number; murmur2 reads them as
    /// a little-endian one.
    private static int word(int hash, int bigEndian) {
        int k = Integer.reverseBytes(bigEndian) * MULTIPLIER;
        k ^= k >>> SHIFT;
        k *= MULTIPLIER;
        return hash * MULTIPLIER ^ k;
    }

    /// Ends the tail of one to three bytes that is left after the words with its first byte.
    private static int lastByte(int hash, int value) {
        return (hash ^ (value & 0xff)) * MULTIPLIER;
    }

    private static int finish(int hash) {
        int h = (hash ^ hash >>> 13) * MULTIPLIER;
        return h ^ h >>> 15;
    }
}
