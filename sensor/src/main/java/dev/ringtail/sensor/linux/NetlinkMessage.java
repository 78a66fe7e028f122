package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.NLMSGHDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A netlink message ([netlink(7)](https://man7.org/linux/man-pages/man7/netlink.7.html)), in the
/// byte order of this machine:
///
///     nlmsghdr   length (4, itself included), type (2), flags (2), sequence (4), port id (4)
///     body       length - 16 bytes, then padding to a multiple of 4
///
/// @param type NLMSG_* or RTM_*
/// @param flags NLM_F_*
/// @param sequence number of the request that it answers, 0 for a notification
/// @param body what follows the header, in place
record NetlinkMessage(int type, int flags, int sequence, MemorySegment body) {
    private static final long HEADER_BYTES = NLMSGHDR.byteSize();
    private static final long LENGTH = offsetOf(NLMSGHDR, "nlmsg_len");
    private static final long TYPE = offsetOf(NLMSGHDR, "nlmsg_type");
    private static final long FLAGS = offsetOf(NLMSGHDR, "nlmsg_flags");
    private static final long SEQUENCE = offsetOf(NLMSGHDR, "nlmsg_seq");

    /// The messages of a datagram, whose bodies stay where they are.
    ///
    /// @throws IllegalArgumentException where a length goes beyond the datagram or is shorter than
    ///   the header
    static List<NetlinkMessage> parse(MemorySegment datagram) {
        List<NetlinkMessage> messages = new ArrayList<>();
        long offset = 0;
        while (offset < datagram.byteSize()) {
            long left = datagram.byteSize() - offset;
            long length =
                    left < HEADER_BYTES
                            ? left
                            : Integer.toUnsignedLong(
                                    datagram.get(JAVA_INT_UNALIGNED, offset + LENGTH));
            if (length < HEADER_BYTES || length > left) {
                throw new IllegalArgumentException(
                        "netlink message at %d has length %d, where %d to %d are possible"
                                .formatted(offset, length, HEADER_BYTES, left));
            }
            messages.add(
                    new NetlinkMessage(
                            datagram.get(JAVA_SHORT_UNALIGNED, offset + TYPE) & 0xffff,
                            datagram.get(JAVA_SHORT_UNALIGNED, offset + FLAGS) & 0xffff,
                            datagram.get(JAVA_INT_UNALIGNED, offset + SEQUENCE),
                            datagram.asSlice(offset + HEADER_BYTES, length - HEADER_BYTES)));
            offset += align(length);
        }
        return messages;
    }

    /// The positive errno with which NLMSG_ERROR or NLMSG_DONE begins; 0 for none.
    ///
    /// @throws IllegalArgumentException where the body is too short to hold it
    int error() {
        if (body.byteSize() < Integer.BYTES) {
            throw new IllegalArgumentException(
                    "netlink message of type %d has %d bytes, too few for an error number"
                            .formatted(type, body.byteSize()));
        }
        return -body.get(JAVA_INT_UNALIGNED, 0);
    }

    /// Writes a message.
    static void write(MemorySegment target, int type, int flags, int sequence, MemorySegment body) {
        target.set(JAVA_INT_UNALIGNED, LENGTH, (int) lengthBytes(body));
        target.set(JAVA_SHORT_UNALIGNED, TYPE, (short) type);
        target.set(JAVA_SHORT_UNALIGNED, FLAGS, (short) flags);
        target.set(JAVA_INT_UNALIGNED, SEQUENCE, sequence);
        MemorySegment.copy(body, 0, target, HEADER_BYTES, body.byteSize());
    }

    /// Bytes that [#write] needs for a body.
    static long lengthBytes(MemorySegment body) {
        return HEADER_BYTES + body.byteSize();
    }

    /// NLMSG_ALIGN and RTA_ALIGN: the next multiple of 4.
    static long align(long length) {
        return (length + 3) & ~3L;
    }
}
