package dev.ringtail.schema;

/// Bits of [Packet] `flags`.
///
/// ```text
/// bit  0 CHECKSUM_NOT_READY   the sender left the transport checksum to the device
///      1 CHECKSUM_VALID       the receiver's device or kernel has checked it
///      2 GSO                  a super-frame that was never on a wire in this size
///      3 VLAN_RESTORED        the kernel took the outer VLAN tag out; it is back in the data
///      4 CUT                  shortened by the sensor: headers alone were wanted, or no record or ring slot could hold it
///    8-9 timestamp source     0 ring copy or unknown, 1 kernel at receive, 2 hardware, 3 file
/// ```
public final class PacketFlags {
    /// The transport checksum was not yet in place when the packet was captured.
    public static final int CHECKSUM_NOT_READY = 1;

    /// The device or the kernel had verified the transport checksum.
    public static final int CHECKSUM_VALID = 1 << 1;

    /// A segmentation-offload super-frame.
    public static final int GSO = 1 << 2;

    /// The outer VLAN tag was taken out by the kernel and put back by the sensor.
    public static final int VLAN_RESTORED = 1 << 3;

    /// The data were cut, not by the snap length: behind the headers where those alone were wanted,
    /// or to fit a Kafka record or the slot of a V2 ring.
    public static final int CUT = 1 << 4;

    /// Position of the timestamp source, one of the four values below.
    public static final int TIMESTAMP_SOURCE_SHIFT = 8;

    /// Mask of the timestamp source, in place.
    public static final int TIMESTAMP_SOURCE_MASK = 3 << TIMESTAMP_SOURCE_SHIFT;

    /// Timestamp source: the kernel, when it copied the packet into the ring; also "not known".
    public static final int KERNEL_RING = 0;

    /// Timestamp source: the kernel, when it received the packet.
    public static final int KERNEL_RECEIVE = 1;

    /// Timestamp source: the network device's clock.
    public static final int HARDWARE = 2;

    /// Timestamp source: the capture file that was imported.
    public static final int FILE = 3;

    private PacketFlags() {}

    /// The timestamp source in a set of flags: one of [#KERNEL_RING], [#KERNEL_RECEIVE],
    /// [#HARDWARE], [#FILE].
    public static int timestampSource(int flags) {
        return (flags & TIMESTAMP_SOURCE_MASK) >>> TIMESTAMP_SOURCE_SHIFT;
    }
}
