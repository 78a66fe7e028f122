package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.IFINFOMSG;
import static dev.ringtail.sensor.linux.Structs.RTATTR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;

/// The link messages of rtnetlink(7): RTM_GETLINK, RTM_NEWLINK and RTM_DELLINK, each a `struct
/// ifinfomsg` and attributes (IFLA_*).
final class LinkMessages {
    private static final long FAMILY = offsetOf(IFINFOMSG, "ifi_family");
    private static final long HARDWARE_TYPE = offsetOf(IFINFOMSG, "ifi_type");
    private static final long INDEX = offsetOf(IFINFOMSG, "ifi_index");
    private static final long FLAGS = offsetOf(IFINFOMSG, "ifi_flags");
    private static final long ATTRIBUTES = IFINFOMSG.byteSize();

    private LinkMessages() {}

    /// The body of RTM_GETLINK for every link, without statistics.
    static MemorySegment dumpRequest(Arena arena) {
        long valueAt = ATTRIBUTES + RTATTR.byteSize();
        MemorySegment body = arena.allocate(valueAt + Integer.BYTES);
        body.set(
                JAVA_SHORT_UNALIGNED,
                ATTRIBUTES + offsetOf(RTATTR, "rta_len"),
                (short) (RTATTR.byteSize() + Integer.BYTES));
        body.set(
                JAVA_SHORT_UNALIGNED,
                ATTRIBUTES + offsetOf(RTATTR, "rta_type"),
                (short) NetlinkConstants.IFLA_EXT_MASK);
        body.set(JAVA_INT_UNALIGNED, valueAt, NetlinkConstants.RTEXT_FILTER_SKIP_STATS);
        return body;
    }

    /// The event that a notification tells of; empty for one that is none of a link as such.
    ///
    /// @throws IllegalArgumentException where a length in the message is wrong
    static Optional<LinkEvent> event(NetlinkMessage message) {
        return switch (message.type()) {
            case NetlinkConstants.RTM_NEWLINK -> link(message.body()).map(LinkEvent.Changed::new);
            case NetlinkConstants.RTM_DELLINK -> link(message.body()).map(LinkEvent.Gone::new);
            default -> Optional.empty();
        };
    }

    /// The link that the body of RTM_NEWLINK or RTM_DELLINK describes.
    ///
    /// Empty for two that come with the same types and tell of something else: of another family
    /// than AF_UNSPEC (a bridge says with RTM_DELLINK that a port left it), and without an MTU
    /// (events of wireless devices have a name alone).
    ///
    /// @throws IllegalArgumentException where a length in the body is wrong
    static Optional<Link> link(MemorySegment body) {
        if (body.byteSize() < ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "link message has %d bytes, fewer than its header".formatted(body.byteSize()));
        }
        NetlinkAttributes attributes = NetlinkAttributes.parse(body.asSlice(ATTRIBUTES));
        OptionalInt mtuBytes = attributes.u32(NetlinkConstants.IFLA_MTU);
        Optional<String> name = attributes.string(NetlinkConstants.IFLA_IFNAME);
        if (body.get(JAVA_BYTE, FAMILY) != NetlinkConstants.AF_UNSPEC
                || mtuBytes.isEmpty()
                || name.isEmpty()) {
            return Optional.empty();
        }
        int gsoMaxBytes = attributes.u32(NetlinkConstants.IFLA_GSO_MAX_SIZE).orElse(0);
        int groMaxBytes = attributes.u32(NetlinkConstants.IFLA_GRO_MAX_SIZE).orElse(gsoMaxBytes);
        return Optional.of(
                new Link(
                        body.get(JAVA_INT_UNALIGNED, INDEX),
                        name.get(),
                        body.get(JAVA_SHORT_UNALIGNED, HARDWARE_TYPE) & 0xffff,
                        body.get(JAVA_INT_UNALIGNED, FLAGS),
                        mtuBytes.getAsInt(),
                        attributes
                                .nested(NetlinkConstants.IFLA_LINKINFO)
                                .flatMap(info -> info.string(NetlinkConstants.IFLA_INFO_KIND))
                                .orElse(""),
                        OperationalState.of(
                                attributes.u8(NetlinkConstants.IFLA_OPERSTATE).orElse(0)),
                        attributes.u32(NetlinkConstants.IFLA_MASTER).orElse(0),
                        attributes.u32(NetlinkConstants.IFLA_LINK).orElse(0),
                        attributes.u32(NetlinkConstants.IFLA_LINK_NETNSID),
                        attributes.u32(NetlinkConstants.IFLA_PROMISCUITY).orElse(0),
                        attributes.u32(NetlinkConstants.IFLA_NUM_RX_QUEUES).orElse(1),
                        attributes.u32(NetlinkConstants.IFLA_NUM_TX_QUEUES).orElse(1),
                        gsoMaxBytes,
                        groMaxBytes,
                        attributes.u32(NetlinkConstants.IFLA_GSO_IPV4_MAX_SIZE).orElse(gsoMaxBytes),
                        attributes
                                .u32(NetlinkConstants.IFLA_GRO_IPV4_MAX_SIZE)
                                .orElse(groMaxBytes)));
    }
}
