package dev.ringtail.sensor.linux;

/// Constants of linux/netlink.h, linux/rtnetlink.h, linux/if_link.h and linux/if.h, with the
/// headers' names.
final class NetlinkConstants {
    private NetlinkConstants() {}

    static final int AF_UNSPEC = 0;
    static final int AF_NETLINK = 16;
    static final int NETLINK_ROUTE = 0;
    static final int RTMGRP_LINK = 1;

    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_DUMP = 0x300;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLA_TYPE_MASK = 0x3fff;

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

    static final int RTM_GETSTATS = 94;
    static final int IFLA_STATS_LINK_64 = 1;

    /// IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64).
    static final int FILTER_STATS_LINK_64 = 1 << IFLA_STATS_LINK_64 - 1;

    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_OPERSTATE = 16;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_PROMISCUITY = 30;
    static final int IFLA_NUM_TX_QUEUES = 31;
    static final int IFLA_NUM_RX_QUEUES = 32;
    static final int IFLA_LINK_NETNSID = 37;
    static final int IFLA_GSO_MAX_SIZE = 41;
    static final int IFLA_GRO_MAX_SIZE = 58;
    static final int IFLA_GSO_IPV4_MAX_SIZE = 63;
    static final int IFLA_GRO_IPV4_MAX_SIZE = 64;
    static final int IFLA_INFO_KIND = 1;

    static final int IFF_UP = 0x1;
    static final int IFF_LOOPBACK = 0x8;
    static final int IFF_RUNNING = 0x40;
    static final int IFF_LOWER_UP = 0x10000;
}
