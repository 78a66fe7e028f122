package dev.ringtail.pcap.frame;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Completes TCP and UDP checksums that a sender left to its device.
///
/// Until the device does it, the field holds the sum of the pseudo-header (`CHECKSUM_PARTIAL` of
/// Linux, `skbuff.h`). A field that holds anything else is left as it is: in a tunnel the checksum
/// that is not ready may be an inner one. One thread at a time.
public final class PartialChecksum {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);

    private final TransportPacket packet = new TransportPacket();

    /// Completes the checksum of a frame in place.
    ///
    /// @param array holds the whole frame from `offset` on
    /// @param linkType `LINKTYPE_*`
    /// @return false where there was nothing to complete; the frame is then as it was
    public boolean complete(byte[] array, int offset, int length, int linkType) {
        MemorySegment frame = MemorySegment.ofArray(array).asSlice(offset, length);
        if (!packet.read(frame, length, linkType)) {
            return false;
        }
        int transportLength = packet.end() - packet.transportAt();
        long pseudoHeader = packet.pseudoHeaderSum(transportLength);
        int field = frame.get(SHORT, packet.checksumAt()) & 0xffff;
        if (field != InternetChecksum.fold(pseudoHeader)) {
            return false;
        }
        // The field is summed too, and stands for the pseudo-header.
        int checksum =
                InternetChecksum.of(
                        InternetChecksum.sum(frame, packet.transportAt(), transportLength));
        // 0 would say that there is none (RFC 768).
        frame.set(SHORT, packet.checksumAt(), (short) (checksum == 0 ? 0xffff : checksum));
        return true;
    }
}
