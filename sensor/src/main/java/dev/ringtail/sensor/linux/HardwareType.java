package dev.ringtail.sensor.linux;

import dev.ringtail.pcap.LinkType;

import java.util.OptionalInt;

/// From the kernel's hardware types (ARPHRD_* of linux/if_arp.h) to capture files' link types, for
/// raw packet sockets.
public final class HardwareType {
    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_TUNNEL = 768;
    private static final int ARPHRD_TUNNEL6 = 769;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int ARPHRD_SIT = 776;
    private static final int ARPHRD_NONE = 0xfffe;
    private static final int ARPHRD_RAWIP = 519;

    private HardwareType() {}

    /// LINKTYPE_* value of what a raw packet socket reads from such an interface; empty for those
    /// that are not mapped.
    public static OptionalInt linkType(int hardwareType) {
        return switch (hardwareType) {
            case ARPHRD_ETHER, ARPHRD_LOOPBACK -> OptionalInt.of(LinkType.ETHERNET);
            case ARPHRD_NONE, ARPHRD_RAWIP, ARPHRD_TUNNEL, ARPHRD_TUNNEL6, ARPHRD_SIT ->
                    OptionalInt.of(LinkType.RAW);
            default -> OptionalInt.empty();
        };
    }
}
