package dev.ringtail.sensor.linux;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.StructLayout;
import java.util.List;

/// The kernel's structs, with the names of its headers. They are the same on every 64-bit Linux; a
/// test holds every offset and size against what the C compiler says.
public final class Structs {
    private Structs() {}

    /// `struct tpacket_req` of linux/if_packet.h: geometry of a V2 ring, the value of
    /// PACKET_TX_RING.
    public static final StructLayout TPACKET_REQ =
            structLayout(
                            JAVA_INT.withName("tp_block_size"),
                            JAVA_INT.withName("tp_block_nr"),
                            JAVA_INT.withName("tp_frame_size"),
                            JAVA_INT.withName("tp_frame_nr"))
                    .withName("tpacket_req");

    /// `struct tpacket_req3` of linux/if_packet.h: geometry of a V3 ring, the value of
    /// PACKET_RX_RING.
    public static final StructLayout TPACKET_REQ3 =
            structLayout(
                            JAVA_INT.withName("tp_block_size"),
                            JAVA_INT.withName("tp_block_nr"),
                            JAVA_INT.withName("tp_frame_size"),
                            JAVA_INT.withName("tp_frame_nr"),
                            JAVA_INT.withName("tp_retire_blk_tov"),
                            JAVA_INT.withName("tp_sizeof_priv"),
                            JAVA_INT.withName("tp_feature_req_word"))
                    .withName("tpacket_req3");

    /// `struct tpacket_stats_v3` of linux/if_packet.h: the value of PACKET_STATISTICS.
    public static final StructLayout TPACKET_STATS_V3 =
            structLayout(
                            JAVA_INT.withName("tp_packets"),
                            JAVA_INT.withName("tp_drops"),
                            JAVA_INT.withName("tp_freeze_q_cnt"))
                    .withName("tpacket_stats_v3");

    /// `struct tpacket_rollover_stats` of linux/if_packet.h: the value of PACKET_ROLLOVER_STATS.
    public static final StructLayout TPACKET_ROLLOVER_STATS =
            structLayout(
                            JAVA_LONG.withName("tp_all"),
                            JAVA_LONG.withName("tp_huge"),
                            JAVA_LONG.withName("tp_failed"))
                    .withName("tpacket_rollover_stats");

    /// `struct tpacket_block_desc` of linux/if_packet.h with `struct tpacket_hdr_v1` inside: how a
    /// block begins.
    public static final StructLayout TPACKET_BLOCK_DESC =
            structLayout(
                            JAVA_INT.withName("version"),
                            JAVA_INT.withName("offset_to_priv"),
                            JAVA_INT.withName("block_status"),
                            JAVA_INT.withName("num_pkts"),
                            JAVA_INT.withName("offset_to_first_pkt"),
                            JAVA_INT.withName("blk_len"),
                            JAVA_LONG.withName("seq_num"),
                            JAVA_LONG.withName("ts_first_pkt"),
                            JAVA_LONG.withName("ts_last_pkt"))
                    .withName("tpacket_block_desc");

    /// `struct tpacket3_hdr` of linux/if_packet.h: before each packet of a V3 block.
    public static final StructLayout TPACKET3_HDR =
            structLayout(
                            JAVA_INT.withName("tp_next_offset"),
                            JAVA_INT.withName("tp_sec"),
                            JAVA_INT.withName("tp_nsec"),
                            JAVA_INT.withName("tp_snaplen"),
                            JAVA_INT.withName("tp_len"),
                            JAVA_INT.withName("tp_status"),
                            JAVA_SHORT.withName("tp_mac"),
                            JAVA_SHORT.withName("tp_net"),
                            JAVA_INT.withName("tp_rxhash"),
                            JAVA_INT.withName("tp_vlan_tci"),
                            JAVA_SHORT.withName("tp_vlan_tpid"),
                            JAVA_SHORT.withName("tp_padding"),
                            sequenceLayout(8, JAVA_BYTE).withName("tp_padding_end"))
                    .withName("tpacket3_hdr");

    /// `struct tpacket2_hdr` of linux/if_packet.h: at the start of each slot of a V2 ring.
    public static final StructLayout TPACKET2_HDR =
            structLayout(
                            JAVA_INT.withName("tp_status"),
                            JAVA_INT.withName("tp_len"),
                            JAVA_INT.withName("tp_snaplen"),
                            JAVA_SHORT.withName("tp_mac"),
                            JAVA_SHORT.withName("tp_net"),
                            JAVA_INT.withName("tp_sec"),
                            JAVA_INT.withName("tp_nsec"),
                            JAVA_SHORT.withName("tp_vlan_tci"),
                            JAVA_SHORT.withName("tp_vlan_tpid"),
                            sequenceLayout(4, JAVA_BYTE).withName("tp_padding"))
                    .withName("tpacket2_hdr");

    /// `struct sockaddr_ll` of packet(7): a packet socket's address.
    public static final StructLayout SOCKADDR_LL =
            structLayout(
                            JAVA_SHORT.withName("sll_family"),
                            JAVA_SHORT.withName("sll_protocol"),
                            JAVA_INT.withName("sll_ifindex"),
                            JAVA_SHORT.withName("sll_hatype"),
                            JAVA_BYTE.withName("sll_pkttype"),
                            JAVA_BYTE.withName("sll_halen"),
                            sequenceLayout(8, JAVA_BYTE).withName("sll_addr"))
                    .withName("sockaddr_ll");

    /// `struct packet_mreq` of packet(7): the value of PACKET_ADD_MEMBERSHIP.
    public static final StructLayout PACKET_MREQ =
            structLayout(
                            JAVA_INT.withName("mr_ifindex"),
                            JAVA_SHORT.withName("mr_type"),
                            JAVA_SHORT.withName("mr_alen"),
                            sequenceLayout(8, JAVA_BYTE).withName("mr_address"))
                    .withName("packet_mreq");

    /// `struct sock_filter` of linux/filter.h: one classic BPF instruction.
    public static final StructLayout SOCK_FILTER =
            structLayout(
                            JAVA_SHORT.withName("code"),
                            JAVA_BYTE.withName("jt"),
                            JAVA_BYTE.withName("jf"),
                            JAVA_INT.withName("k"))
                    .withName("sock_filter");

    /// `struct sock_fprog` of linux/filter.h: the value of SO_ATTACH_FILTER.
    public static final StructLayout SOCK_FPROG =
            structLayout(JAVA_SHORT.withName("len"), paddingLayout(6), ADDRESS.withName("filter"))
                    .withName("sock_fprog");

    /// `struct pollfd` of poll(2).
    public static final StructLayout POLLFD =
            structLayout(
                            JAVA_INT.withName("fd"),
                            JAVA_SHORT.withName("events"),
                            JAVA_SHORT.withName("revents"))
                    .withName("pollfd");

    /// `struct ifreq` of netdevice(7), its union as the members that are used here.
    public static final StructLayout IFREQ =
            structLayout(
                            sequenceLayout(16, JAVA_BYTE).withName("ifr_name"),
                            JAVA_INT.withName("ifr_ifindex"),
                            paddingLayout(20))
                    .withName("ifreq");

    /// `struct sockaddr_nl` of netlink(7): a netlink socket's address.
    public static final StructLayout SOCKADDR_NL =
            structLayout(
                            JAVA_SHORT.withName("nl_family"),
                            JAVA_SHORT.withName("nl_pad"),
                            JAVA_INT.withName("nl_pid"),
                            JAVA_INT.withName("nl_groups"))
                    .withName("sockaddr_nl");

    /// `struct nlmsghdr` of netlink(7): before each netlink message.
    public static final StructLayout NLMSGHDR =
            structLayout(
                            JAVA_INT.withName("nlmsg_len"),
                            JAVA_SHORT.withName("nlmsg_type"),
                            JAVA_SHORT.withName("nlmsg_flags"),
                            JAVA_INT.withName("nlmsg_seq"),
                            JAVA_INT.withName("nlmsg_pid"))
                    .withName("nlmsghdr");

    /// `struct ifinfomsg` of rtnetlink(7): how the body of a link message begins.
    public static final StructLayout IFINFOMSG =
            structLayout(
                            JAVA_BYTE.withName("ifi_family"),
                            paddingLayout(1),
                            JAVA_SHORT.withName("ifi_type"),
                            JAVA_INT.withName("ifi_index"),
                            JAVA_INT.withName("ifi_flags"),
                            JAVA_INT.withName("ifi_change"))
                    .withName("ifinfomsg");

    /// `struct rtattr` of rtnetlink(7): before each attribute's value.
    public static final StructLayout RTATTR =
            structLayout(JAVA_SHORT.withName("rta_len"), JAVA_SHORT.withName("rta_type"))
                    .withName("rtattr");

    /// `struct ethtool_value` of linux/ethtool.h: one number.
    public static final StructLayout ETHTOOL_VALUE =
            structLayout(JAVA_INT.withName("cmd"), JAVA_INT.withName("data"))
                    .withName("ethtool_value");

    /// `struct ethtool_drvinfo` of linux/ethtool.h: the driver.
    public static final StructLayout ETHTOOL_DRVINFO =
            structLayout(
                            JAVA_INT.withName("cmd"),
                            sequenceLayout(32, JAVA_BYTE).withName("driver"),
                            sequenceLayout(32, JAVA_BYTE).withName("version"),
                            sequenceLayout(32, JAVA_BYTE).withName("fw_version"),
                            sequenceLayout(32, JAVA_BYTE).withName("bus_info"),
                            sequenceLayout(32, JAVA_BYTE).withName("erom_version"),
                            sequenceLayout(12, JAVA_BYTE).withName("reserved2"),
                            JAVA_INT.withName("n_priv_flags"),
                            JAVA_INT.withName("n_stats"),
                            JAVA_INT.withName("testinfo_len"),
                            JAVA_INT.withName("eedump_len"),
                            JAVA_INT.withName("regdump_len"))
                    .withName("ethtool_drvinfo");

    /// `struct ethtool_channels` of linux/ethtool.h: queues.
    public static final StructLayout ETHTOOL_CHANNELS =
            structLayout(
                            JAVA_INT.withName("cmd"),
                            JAVA_INT.withName("max_rx"),
                            JAVA_INT.withName("max_tx"),
                            JAVA_INT.withName("max_other"),
                            JAVA_INT.withName("max_combined"),
                            JAVA_INT.withName("rx_count"),
                            JAVA_INT.withName("tx_count"),
                            JAVA_INT.withName("other_count"),
                            JAVA_INT.withName("combined_count"))
                    .withName("ethtool_channels");

    /// `struct ethtool_ts_info` of linux/ethtool.h: timestamps.
    public static final StructLayout ETHTOOL_TS_INFO =
            structLayout(
                            JAVA_INT.withName("cmd"),
                            JAVA_INT.withName("so_timestamping"),
                            JAVA_INT.withName("phc_index"),
                            JAVA_INT.withName("tx_types"),
                            sequenceLayout(3, JAVA_INT).withName("tx_reserved"),
                            JAVA_INT.withName("rx_filters"),
                            sequenceLayout(3, JAVA_INT).withName("rx_reserved"))
                    .withName("ethtool_ts_info");

    /// `struct hwtstamp_config` of linux/net_tstamp.h: hardware timestamps.
    public static final StructLayout HWTSTAMP_CONFIG =
            structLayout(
                            JAVA_INT.withName("flags"),
                            JAVA_INT.withName("tx_type"),
                            JAVA_INT.withName("rx_filter"))
                    .withName("hwtstamp_config");

    /// `struct sockaddr_in` of ip(7).
    public static final StructLayout SOCKADDR_IN =
            structLayout(
                            JAVA_SHORT.withName("sin_family"),
                            JAVA_SHORT.withName("sin_port"),
                            sequenceLayout(4, JAVA_BYTE).withName("sin_addr"),
                            paddingLayout(8))
                    .withName("sockaddr_in");

    /// `struct sockaddr_in6` of ipv6(7).
    public static final StructLayout SOCKADDR_IN6 =
            structLayout(
                            JAVA_SHORT.withName("sin6_family"),
                            JAVA_SHORT.withName("sin6_port"),
                            JAVA_INT.withName("sin6_flowinfo"),
                            sequenceLayout(16, JAVA_BYTE).withName("sin6_addr"),
                            JAVA_INT.withName("sin6_scope_id"))
                    .withName("sockaddr_in6");

    /// `struct iovec` of readv(2): a piece of a message.
    public static final StructLayout IOVEC =
            structLayout(JAVA_LONG.withName("iov_base"), JAVA_LONG.withName("iov_len"))
                    .withName("iovec");

    /// `struct mmsghdr` of sendmmsg(2), with the `struct msghdr` of sendmsg(2) inside.
    public static final StructLayout MMSGHDR =
            structLayout(
                            JAVA_LONG.withName("msg_name"),
                            JAVA_INT.withName("msg_namelen"),
                            paddingLayout(4),
                            JAVA_LONG.withName("msg_iov"),
                            JAVA_LONG.withName("msg_iovlen"),
                            JAVA_LONG.withName("msg_control"),
                            JAVA_LONG.withName("msg_controllen"),
                            JAVA_INT.withName("msg_flags"),
                            paddingLayout(4),
                            JAVA_INT.withName("msg_len"),
                            paddingLayout(4))
                    .withName("mmsghdr");

    /// `struct if_stats_msg` of linux/if_link.h: how the body of RTM_GETSTATS and of its answer
    /// begins.
    static final StructLayout IF_STATS_MSG =
            structLayout(
                            JAVA_BYTE.withName("family"),
                            JAVA_BYTE.withName("pad1"),
                            JAVA_SHORT.withName("pad2"),
                            JAVA_INT.withName("ifindex"),
                            JAVA_INT.withName("filter_mask"))
                    .withName("if_stats_msg");

    /// `struct rtnl_link_stats64` of linux/if_link.h, of Linux 6.1; others have more or fewer
    /// members at its end, which are not read.
    static final StructLayout RTNL_LINK_STATS64 =
            structLayout(
                            paddingLayout(6 * Long.BYTES),
                            JAVA_LONG.withName("rx_dropped"),
                            paddingLayout(7 * Long.BYTES),
                            JAVA_LONG.withName("rx_fifo_errors"),
                            JAVA_LONG.withName("rx_missed_errors"),
                            paddingLayout(9 * Long.BYTES))
                    .withName("rtnl_link_stats64");

    /// `struct __user_cap_header_struct` of linux/capability.h: whose capabilities, and in which
    /// version of the format.
    static final StructLayout USER_CAP_HEADER =
            structLayout(JAVA_INT.withName("version"), JAVA_INT.withName("pid"))
                    .withName("__user_cap_header_struct");

    /// `struct __user_cap_data_struct` of linux/capability.h: 32 of the 64 capabilities.
    static final StructLayout USER_CAP_DATA =
            structLayout(
                            JAVA_INT.withName("effective"),
                            JAVA_INT.withName("permitted"),
                            JAVA_INT.withName("inheritable"))
                    .withName("__user_cap_data_struct");

    /// Every struct of this class.
    static final List<StructLayout> ALL =
            List.of(
                    TPACKET_REQ,
                    TPACKET_REQ3,
                    TPACKET_STATS_V3,
                    TPACKET_ROLLOVER_STATS,
                    TPACKET_BLOCK_DESC,
                    TPACKET3_HDR,
                    TPACKET2_HDR,
                    SOCKADDR_LL,
                    PACKET_MREQ,
                    SOCK_FILTER,
                    SOCK_FPROG,
                    SOCKADDR_IN,
                    SOCKADDR_IN6,
                    IOVEC,
                    MMSGHDR,
                    POLLFD,
                    IFREQ,
                    SOCKADDR_NL,
                    NLMSGHDR,
                    IFINFOMSG,
                    RTATTR,
                    IF_STATS_MSG,
                    RTNL_LINK_STATS64,
                    USER_CAP_HEADER,
                    USER_CAP_DATA,
                    ETHTOOL_VALUE,
                    ETHTOOL_DRVINFO,
                    ETHTOOL_CHANNELS,
                    ETHTOOL_TS_INFO,
                    HWTSTAMP_CONFIG);

    /// Offset of a member in bytes.
    public static long offsetOf(StructLayout struct, String member) {
        return struct.byteOffset(groupElement(member));
    }
}
