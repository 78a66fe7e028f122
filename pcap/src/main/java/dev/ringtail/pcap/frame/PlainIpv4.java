package dev.ringtail.pcap.frame;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The frames that nearly all packets are: TCP or UDP over IPv4 without options, whole, untagged,
/// on Ethernet. All that a flow is known by stands at fixed places in them, so that a few words
/// tell what [FrameParser] finds step by step; of any other frame it is told that it is another.
///
/// ```text
/// 12 EtherType 0800  14 version 4, length 5  20 flags, offset  23 protocol  26 source  30 destination
/// 34 source port  36 destination port
/// ```
///
/// Static functions over the memory of a frame: no object for a packet.
public final class PlainIpv4 {
    /// What [#protocol] says of any other frame.
    public static final int NONE = -1;

    /// IP protocol TCP.
    public static final int TCP = 6;

    private static final ValueLayout.OfLong LONG =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Up to the ports.
    private static final int MIN_BYTES = 38;

    /// EtherType, version and header length, in the word at 12.
    private static final long TYPE_AND_VERSION_MASK = 0xffff_ff00_0000_0000L;

    private static final long TYPE_AND_VERSION = 0x0800_4500_0000_0000L;

    /// More fragments and fragment offset, in the word at 20.
    private static final long FRAGMENT_MASK = 0x3fffL << 48;

    private static final int UDP = 17;

    private PlainIpv4() {}

    /// Its protocol, TCP or UDP, where the frame is such a one.
    ///
    /// @param at where in the memory the frame begins
    /// @param capturedLength bytes of the frame that are there
    /// @return 6 or 17; [#NONE] for any other frame
    public static int protocol(MemorySegment memory, long at, int capturedLength) {
        if (capturedLength < MIN_BYTES
                || (memory.get(LONG, at + 12) & TYPE_AND_VERSION_MASK) != TYPE_AND_VERSION) {
            return NONE;
        }
        long fragmentAndProtocol = memory.get(LONG, at + 20);
        int protocol = (int) (fragmentAndProtocol >>> 32) & 0xff;
        boolean plain =
                (fragmentAndProtocol & FRAGMENT_MASK) == 0 && (protocol == TCP || protocol == UDP);
        return plain ? protocol : NONE;
    }

    /// Source and destination address, as big-endian numbers in the high and the low half.
    public static long addresses(MemorySegment memory, long at) {
        return memory.get(LONG, at + 26);
    }

    /// Source and destination port in the high and the low half.
    public static int ports(MemorySegment memory, long at) {
        return memory.get(INT, at + 34);
    }
}
