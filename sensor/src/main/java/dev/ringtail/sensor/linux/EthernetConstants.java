package dev.ringtail.sensor.linux;

/// Constants of linux/ethtool.h, linux/sockios.h and linux/net_tstamp.h, with the headers' names.
final class EthernetConstants {
    private EthernetConstants() {}

    static final long SIOCETHTOOL = 0x8946;
    static final long SIOCSHWTSTAMP = 0x89b0;
    static final long SIOCGHWTSTAMP = 0x89b1;

    static final int ETHTOOL_GDRVINFO = 0x03;
    static final int ETHTOOL_GTSO = 0x1e;
    static final int ETHTOOL_GGSO = 0x23;
    static final int ETHTOOL_GFLAGS = 0x25;
    static final int ETHTOOL_GGRO = 0x2b;
    static final int ETHTOOL_GCHANNELS = 0x3c;
    static final int ETHTOOL_GET_TS_INFO = 0x41;
    static final int ETH_FLAG_LRO = 1 << 15;

    static final int SOF_TIMESTAMPING_RX_HARDWARE = 1 << 2;
    static final int SOF_TIMESTAMPING_RAW_HARDWARE = 1 << 6;
    static final int HWTSTAMP_FILTER_ALL = 1;
}
