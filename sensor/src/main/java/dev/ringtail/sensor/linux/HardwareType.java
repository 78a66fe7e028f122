package dev.ringtail.sensor.linux;

import dev.ringtail.pcap.LinkType;

import java.util.OptionalInt;

/// From the kernel's hardware types (ARPHRD_* of linux/if_arp.h) to capture files' link types.
///
/// The table is that of libpcap (`map_arphrd_to_dlt` and `setup_socket` in pcap-linux.c), with
/// three differences. ARPHRD_TUNNEL6 and ARPHRD_RAWIP, which libpcap does not list and so captures
/// cooked, are raw here: such devices have no link header (`dev_is_mac_header_xmit` of
/// linux/if_arp.h) and carry IP alone. ARPHRD_CAN is cooked here: the kernel gives the CAN id in
/// the byte order of the machine, LINKTYPE_CAN_SOCKETCAN wants it in network byte order. And
/// libpcap goes by the names `cdma_rmnet…` and `isdn…`, which lie about their type on old Androids;
/// this does not.
public final class HardwareType {
    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_EETHER = 2;
    private static final int ARPHRD_AX25 = 3;
    private static final int ARPHRD_PRONET = 4;
    private static final int ARPHRD_CHAOS = 5;
    private static final int ARPHRD_IEEE802 = 6;
    private static final int ARPHRD_ARCNET = 7;
    private static final int ARPHRD_DLCI = 15;

    /// IP over Fibre Channel as RFC 4338 numbers it; linux/if_arp.h has no name for it.
    private static final int ARPHRD_FIBRE_CHANNEL = 18;

    private static final int ARPHRD_METRICOM = 23;
    private static final int ARPHRD_SLIP = 256;
    private static final int ARPHRD_CSLIP = 257;
    private static final int ARPHRD_SLIP6 = 258;
    private static final int ARPHRD_CSLIP6 = 259;
    private static final int ARPHRD_ADAPT = 264;
    private static final int ARPHRD_CISCO = 513;
    private static final int ARPHRD_RAWHDLC = 518;
    private static final int ARPHRD_RAWIP = 519;
    private static final int ARPHRD_TUNNEL = 768;
    private static final int ARPHRD_TUNNEL6 = 769;
    private static final int ARPHRD_FRAD = 770;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int ARPHRD_LOCALTLK = 773;
    private static final int ARPHRD_FDDI = 774;
    private static final int ARPHRD_SIT = 776;
    private static final int ARPHRD_FCPP = 784;
    private static final int ARPHRD_FCAL = 785;
    private static final int ARPHRD_FCPL = 786;
    private static final int ARPHRD_FCFABRIC = 787;
    private static final int ARPHRD_IEEE802_TR = 800;
    private static final int ARPHRD_IEEE80211 = 801;
    private static final int ARPHRD_IEEE80211_PRISM = 802;
    private static final int ARPHRD_IEEE80211_RADIOTAP = 803;
    private static final int ARPHRD_IEEE802154 = 804;
    private static final int ARPHRD_VSOCKMON = 826;
    private static final int ARPHRD_NONE = 0xfffe;

    private HardwareType() {}

    /// Whether its frames begin with an Ethernet header.
    static boolean isEthernet(int hardwareType) {
        OptionalInt linkType = linkType(hardwareType);
        return linkType.isPresent() && linkType.getAsInt() == LinkType.ETHERNET;
    }

    /// LINKTYPE_* value of what a raw packet socket (SOCK_RAW) reads from such an interface.
    ///
    /// Empty where that has no link type, or where it is not sure that it always has the same:
    /// ARPHRD_PPP, ARPHRD_ATM, ARPHRD_IPGRE, ARPHRD_NETLINK, ARPHRD_INFINIBAND and all that are not
    /// known here. Those can be captured "cooked" alone, by a SOCK_DGRAM socket and with
    /// [LinkType#LINUX_SLL2] headers.
    public static OptionalInt linkType(int hardwareType) {
        return switch (hardwareType) {
            case ARPHRD_ETHER, ARPHRD_METRICOM, ARPHRD_LOOPBACK ->
                    OptionalInt.of(LinkType.ETHERNET);
            case ARPHRD_EETHER -> OptionalInt.of(LinkType.EXP_ETHERNET);
            case ARPHRD_AX25 -> OptionalInt.of(LinkType.AX25_KISS);
            case ARPHRD_PRONET -> OptionalInt.of(LinkType.PRONET);
            case ARPHRD_CHAOS -> OptionalInt.of(LinkType.CHAOS);
            case ARPHRD_IEEE802, ARPHRD_IEEE802_TR -> OptionalInt.of(LinkType.IEEE802_5);
            case ARPHRD_ARCNET -> OptionalInt.of(LinkType.ARCNET_LINUX);
            case ARPHRD_FDDI -> OptionalInt.of(LinkType.FDDI);
            case ARPHRD_IEEE80211 -> OptionalInt.of(LinkType.IEEE802_11);
            case ARPHRD_IEEE80211_PRISM -> OptionalInt.of(LinkType.IEEE802_11_PRISM);
            case ARPHRD_IEEE80211_RADIOTAP -> OptionalInt.of(LinkType.IEEE802_11_RADIOTAP);
            case ARPHRD_CISCO -> OptionalInt.of(LinkType.C_HDLC);
            case ARPHRD_FRAD -> OptionalInt.of(LinkType.FRELAY);
            case ARPHRD_LOCALTLK -> OptionalInt.of(LinkType.LTALK);
            case ARPHRD_FIBRE_CHANNEL -> OptionalInt.of(LinkType.IP_OVER_FC);
            case ARPHRD_FCPP, ARPHRD_FCAL, ARPHRD_FCPL, ARPHRD_FCFABRIC ->
                    OptionalInt.of(LinkType.FC_2);
            case ARPHRD_IEEE802154 -> OptionalInt.of(LinkType.IEEE802_15_4_NOFCS);
            case ARPHRD_VSOCKMON -> OptionalInt.of(LinkType.VSOCK);
            case ARPHRD_NONE,
                    ARPHRD_RAWIP,
                    ARPHRD_TUNNEL,
                    ARPHRD_TUNNEL6,
                    ARPHRD_SIT,
                    ARPHRD_SLIP,
                    ARPHRD_CSLIP,
                    ARPHRD_SLIP6,
                    ARPHRD_CSLIP6,
                    ARPHRD_ADAPT,
                    ARPHRD_RAWHDLC,
                    ARPHRD_DLCI ->
                    OptionalInt.of(LinkType.RAW);
            default -> OptionalInt.empty();
        };
    }
}
