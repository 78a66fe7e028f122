package dev.ringtail.sensor.transmit;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.NetworkInterface;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Which frames an interface takes, by their length, as the kernel has it (`tpacket_snd`): no more
/// than MTU and link header, and four bytes more for a frame that begins with an IEEE 802.1Q tag.
/// The kernel decides in the end; but it writes a line into its log for each frame that it refuses,
/// so it is not asked about those that are known.
///
/// @param headerBytes bytes of the link header; 0 where there is none
/// @param mtuBytes largest network-layer packet
record FrameLimits(int headerBytes, int mtuBytes) {
    /// Reason: longer than the interface takes.
    static final String TOO_LONG = "tooLong";

    /// Reason: no whole link header.
    static final String TOO_SHORT = "tooShort";

    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int TPID_8021Q = 0x8100;
    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// @param linkType LINKTYPE_* of the interface
    static FrameLimits of(NetworkInterface target, int linkType) {
        return new FrameLimits(
                linkType == LinkType.ETHERNET ? ETHERNET_HEADER_BYTES : 0, target.mtuBytes());
    }

    /// The largest frame.
    int maxFrameBytes() {
        return headerBytes + mtuBytes + (headerBytes == 0 ? 0 : VlanTag.BYTES);
    }

    /// Why a frame can't be sent; null where it can. See [FrameSink#send].
    @Nullable String refusal(MemorySegment source, long at, int length, long vlanTag) {
        if (length < Math.max(headerBytes, 1)) {
            return TOO_SHORT;
        }
        int spare = headerBytes + mtuBytes - length - VlanTag.lengthOf(vlanTag);
        if (spare >= 0) {
            return null;
        }
        return spare >= -VlanTag.BYTES && hasTag(source, at, vlanTag) ? null : TOO_LONG;
    }

    private boolean hasTag(MemorySegment source, long at, long vlanTag) {
        if (headerBytes == 0) {
            return false;
        }
        int type =
                vlanTag < 0
                        ? source.get(NETWORK_SHORT, at + VlanTag.OFFSET) & 0xffff
                        : (int) (vlanTag >>> 16);
        return type == TPID_8021Q;
    }
}
