package dev.ringtail.sensor.lane;

import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.FrameHeader;
import dev.ringtail.sensor.ring.FrameView;

/// A VLAN tag that the kernel took out of a frame, as a long: TPID in bits 16 to 31, TCI in bits 0
/// to 15 (priority, drop eligible, VLAN id), or negative for none.
///
/// The tag goes back behind the two MAC addresses, where IEEE 802.1Q has it.
public final class VlanTag {
    /// No tag.
    public static final long NONE = -1;

    /// Where the tag stands in a frame: behind the MAC addresses.
    public static final int OFFSET = 12;

    /// Bytes of a tag.
    public static final int BYTES = 4;

    private VlanTag() {}

    /// A tag from its two numbers.
    public static long of(int tpid, int tci) {
        return (long) tpid << 16 | tci;
    }

    /// The tag that the kernel took out of a frame of a ring.
    public static long takenFrom(FrameView frame) {
        int status = frame.status();
        if ((status & PacketConstants.TP_STATUS_VLAN_VALID) == 0
                || frame.capturedLength() < OFFSET) {
            return NONE;
        }
        long header = frame.header();
        return of(FrameHeader.vlanTpid(header, status), FrameHeader.vlanTci(header));
    }

    /// Bytes that a frame grows by when the tag is put back.
    public static int lengthOf(long tag) {
        return tag < 0 ? 0 : BYTES;
    }
}
