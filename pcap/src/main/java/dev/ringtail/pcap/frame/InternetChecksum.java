package dev.ringtail.pcap.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The checksum of IPv4, TCP, UDP and ICMP: the complement of the ones' complement sum of 16-bit
/// words.
///
/// Sums are kept unfolded in a long, which has room for those of gigabytes; so parts are added up
/// in any order, as long as each begins at an even byte of what is summed.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc1071">RFC 1071</a>
public final class InternetChecksum {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

    private InternetChecksum() {}

    /// Returns the unfolded sum of some bytes; a missing last byte counts as 0.
    public static long sum(MemorySegment data, long offset, long length) {
        long sum = 0;
        long at = offset;
        long end = offset + length;
        // 2^16 is 1 in ones' complement, so words of 32 bits add up to the same as their halves.
        for (; end - at >= Integer.BYTES; at += Integer.BYTES) {
            sum += data.get(INT, at) & 0xffff_ffffL;
        }
        for (int shift = 24; at < end; at++, shift -= 8) {
            sum += (data.get(BYTE, at) & 0xffL) << shift;
        }
        return sum;
    }

    /// Folds a sum into 16 bits: what a field holds whose checksum is left to the device
    /// (`CHECKSUM_PARTIAL` of Linux, over the pseudo-header).
    public static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }

    /// Returns the checksum of what was summed, the field itself taken as 0.
    public static int of(long sum) {
        return ~fold(sum) & 0xffff;
    }
}
