package dev.ringtail.sensor.linux;

/// What an interface can stamp packets with (`struct ethtool_ts_info` of linux/ethtool.h).
///
/// @param soTimestamping mask of SOF_TIMESTAMPING_*
/// @param rxFilters mask of the HWTSTAMP_FILTER_* (1 shifted by each) that the device has for
///   received packets
public record TimestampSupport(int soTimestamping, int rxFilters) {
    /// Whether the device can stamp every packet that it receives. Many stamp those of the
    /// Precision Time Protocol alone, which is of no use to a capture.
    public boolean hardwareReceive() {
        int needed =
                EthernetConstants.SOF_TIMESTAMPING_RX_HARDWARE
                        | EthernetConstants.SOF_TIMESTAMPING_RAW_HARDWARE;
        return (soTimestamping & needed) == needed
                && (rxFilters & 1 << EthernetConstants.HWTSTAMP_FILTER_ALL) != 0;
    }
}
