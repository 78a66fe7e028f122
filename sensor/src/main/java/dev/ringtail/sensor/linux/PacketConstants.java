package dev.ringtail.sensor.linux;

/// Constants of linux/if_packet.h, linux/if_ether.h, sys/socket.h and poll.h, with the headers'
/// names.
public final class PacketConstants {
    private PacketConstants() {}

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_PACKET = 17;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int ETH_P_ALL = 0x0003;

    static final int SOL_SOCKET = 1;
    static final int SO_ERROR = 4;
    static final int SO_RCVBUF = 8;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_TIMESTAMPNS = 35;
    static final int SO_LOCK_FILTER = 44;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_TRUNC = 0x20;
    static final int SOF_TIMESTAMPING_RAW_HARDWARE = 1 << 6;
    static final int SOL_IP = 0;
    static final int IP_RECVERR = 11;
    static final int SOL_IPV6 = 41;
    static final int IPV6_RECVERR = 25;

    static final int SOL_PACKET = 263;
    static final int PACKET_ADD_MEMBERSHIP = 1;
    static final int PACKET_RX_RING = 5;
    static final int PACKET_STATISTICS = 6;
    static final int PACKET_COPY_THRESH = 7;
    static final int PACKET_VERSION = 10;
    static final int PACKET_RESERVE = 12;
    static final int PACKET_TX_RING = 13;
    static final int PACKET_TIMESTAMP = 17;
    static final int PACKET_FANOUT = 18;
    static final int PACKET_QDISC_BYPASS = 20;
    static final int PACKET_ROLLOVER_STATS = 21;
    static final int PACKET_FANOUT_DATA = 22;
    static final int PACKET_IGNORE_OUTGOING = 23;
    static final int PACKET_MR_MULTICAST = 0;
    static final int PACKET_MR_PROMISC = 1;
    static final int PACKET_MR_ALLMULTI = 2;
    static final int TPACKET_V2 = 1;
    static final int TPACKET_V3 = 2;

    /// PACKET_FANOUT_HASH: by flow.
    public static final int PACKET_FANOUT_HASH = 0;

    /// PACKET_FANOUT_LB: in turn.
    public static final int PACKET_FANOUT_LB = 1;

    /// PACKET_FANOUT_CPU: by the processor that received the packet.
    public static final int PACKET_FANOUT_CPU = 2;

    /// PACKET_FANOUT_ROLLOVER: the next where one has no room.
    public static final int PACKET_FANOUT_ROLLOVER = 3;

    /// PACKET_FANOUT_RND: at random.
    public static final int PACKET_FANOUT_RND = 4;

    /// PACKET_FANOUT_QM: by the device's receive queue.
    public static final int PACKET_FANOUT_QM = 5;

    /// PACKET_FANOUT_CBPF: as a classic BPF program says.
    public static final int PACKET_FANOUT_CBPF = 6;

    /// PACKET_FANOUT_EBPF: as an eBPF program says.
    public static final int PACKET_FANOUT_EBPF = 7;

    /// PACKET_FANOUT_FLAG_ROLLOVER: another member where the chosen one has no room.
    public static final int PACKET_FANOUT_FLAG_ROLLOVER = 0x1000;

    static final int PACKET_FANOUT_FLAG_UNIQUEID = 0x2000;

    /// PACKET_FANOUT_FLAG_IGNORE_OUTGOING: leave out what this host sends.
    public static final int PACKET_FANOUT_FLAG_IGNORE_OUTGOING = 0x4000;

    /// PACKET_FANOUT_FLAG_DEFRAG: IP fragments are put together first.
    public static final int PACKET_FANOUT_FLAG_DEFRAG = 0x8000;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;

    static final short POLLIN = 1;
    static final short POLLERR = 8;

    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;

    static final long SIOCGIFFLAGS = 0x8913;
    static final long SIOCGIFMTU = 0x8921;
    static final long SIOCGIFHWADDR = 0x8927;
    static final long SIOCGIFINDEX = 0x8933;
    static final int IFF_UP = 0x1;
    static final int IFF_LOOPBACK = 0x8;

    /// The slot of a TX ring is free.
    public static final int TP_STATUS_AVAILABLE = 0;

    /// The slot of a TX ring holds a frame to be sent.
    public static final int TP_STATUS_SEND_REQUEST = 1;

    /// The kernel has taken the frame of this slot, and still uses its memory.
    public static final int TP_STATUS_SENDING = 1 << 1;

    /// The kernel refuses the frame of this slot.
    public static final int TP_STATUS_WRONG_FORMAT = 1 << 2;

    /// The block belongs to the reader.
    public static final int TP_STATUS_USER = 1;

    /// V2: the frame is larger than its slot, and whole in the socket's queue.
    public static final int TP_STATUS_COPY = 1 << 1;

    /// The checksum was not computed yet (checksum offload).
    public static final int TP_STATUS_CSUMNOTREADY = 1 << 3;

    /// `tp_vlan_tci` is valid: a tag was taken out of the data.
    public static final int TP_STATUS_VLAN_VALID = 1 << 4;

    /// `tp_vlan_tpid` is valid.
    public static final int TP_STATUS_VLAN_TPID_VALID = 1 << 6;

    /// The checksum was found right.
    public static final int TP_STATUS_CSUM_VALID = 1 << 7;

    /// A TCP super-frame (GSO or GRO).
    public static final int TP_STATUS_GSO_TCP = 1 << 8;

    /// The timestamp was taken when the packet was received.
    public static final int TP_STATUS_TS_SOFTWARE = 1 << 29;

    /// The timestamp was taken by the device.
    public static final int TP_STATUS_TS_RAW_HARDWARE = 1 << 31;

    /// `sll_pkttype` of a packet that this host sent.
    public static final int PACKET_OUTGOING = 4;
}
