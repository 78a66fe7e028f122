package dev.ringtail.sensor.ring;

/// A packet as [RingWriter] puts it into a ring, with the kernel's facts about it.
///
/// @param data the captured bytes
/// @param originalLength `tp_len`
/// @param timestampNs nanoseconds since 1970
/// @param packetType `sll_pkttype`
/// @param status TP_STATUS_* bits
/// @param vlanTci counts where `status` has TP_STATUS_VLAN_VALID
/// @param vlanTpid counts where `status` has TP_STATUS_VLAN_TPID_VALID
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy would be garbage
public record SyntheticFrame(
        byte[] data,
        long originalLength,
        long timestampNs,
        int packetType,
        int status,
        int vlanTci,
        int vlanTpid) {
    /// An untagged packet that was captured whole.
    public static SyntheticFrame of(byte[] data, long timestampNs) {
        return new SyntheticFrame(data, data.length, timestampNs, 0, 0, 0, 0);
    }
}
