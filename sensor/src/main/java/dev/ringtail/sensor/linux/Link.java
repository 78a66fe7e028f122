package dev.ringtail.sensor.linux;

import java.util.OptionalInt;

/// A network interface as rtnetlink(7) tells it.
///
/// @param index index in its network namespace
/// @param name name, at most 15 bytes
/// @param hardwareType ARPHRD_* of linux/if_arp.h
/// @param flags IFF_* of netdevice(7)
/// @param mtuBytes largest network-layer packet that it sends
/// @param kind kind of a virtual device, such as `veth`, `bridge`, `vxlan`, `tun`; empty for
///   hardware and loopback (IFLA_INFO_KIND)
/// @param operationalState whether it can pass packets
/// @param masterIndex index of the bridge, bond or VRF that it belongs to, 0 for none (IFLA_MASTER)
/// @param lowerIndex index of the device that it is stacked on or paired with, in the namespace
///   that `lowerNetnsId` tells; 0 for none (IFLA_LINK)
/// @param lowerNetnsId id of the namespace where `lowerIndex` counts, as `ip netns list-id` has it;
///   empty where that is this namespace (IFLA_LINK_NETNSID)
/// @param promiscuity how many have asked for promiscuous mode
/// @param rxQueueCount receive queues that it was made with
/// @param txQueueCount transmit queues that it was made with
/// @param gsoMaxBytes largest super-frame that it is given to send (GSO, TSO)
/// @param groMaxBytes largest super-frame that it puts together of what it receives (GRO)
/// @param gsoIpv4MaxBytes the same as `gsoMaxBytes` for IPv4, where the kernel tells them apart
/// @param groIpv4MaxBytes the same as `groMaxBytes` for IPv4, where the kernel tells them apart
public record Link(
        int index,
        String name,
        int hardwareType,
        int flags,
        int mtuBytes,
        String kind,
        OperationalState operationalState,
        int masterIndex,
        int lowerIndex,
        OptionalInt lowerNetnsId,
        int promiscuity,
        int rxQueueCount,
        int txQueueCount,
        int gsoMaxBytes,
        int groMaxBytes,
        int gsoIpv4MaxBytes,
        int groIpv4MaxBytes) {
    /// Addresses and type, and two VLAN tags, which the MTU does not count.
    private static final int ETHERNET_HEADER_BYTES = 14 + 2 * 4;

    /// More than the headers of other links take: IEEE 802.11 with radiotap is the longest.
    private static final int HEADER_BYTES = 256;

    /// IPv6's hop-by-hop header with the jumbo payload option, which BIG TCP adds to what GRO has
    /// put together (`ipv6_gro_complete`).
    private static final int HOP_BY_HOP_BYTES = 8;

    /// Whether it is up, as its administrator wants it (IFF_UP).
    public boolean up() {
        return (flags & NetlinkConstants.IFF_UP) != 0;
    }

    /// Whether it is up and can pass packets (IFF_RUNNING).
    public boolean running() {
        return (flags & NetlinkConstants.IFF_RUNNING) != 0;
    }

    /// Whether it has a carrier: a cable, a peer that is up (IFF_LOWER_UP).
    public boolean lowerUp() {
        return (flags & NetlinkConstants.IFF_LOWER_UP) != 0;
    }

    /// Whether it is a loopback device (IFF_LOOPBACK).
    public boolean loopback() {
        return (flags & NetlinkConstants.IFF_LOOPBACK) != 0;
    }

    /// The largest frame that a packet socket on this link can be given, as far as the link tells:
    /// the largest network-layer packet, be it one for the wire (MTU) or a super-frame (GSO, GRO),
    /// with the link header before it.
    ///
    /// Whether the offloads are switched on does not count: a link hands on what another made, such
    /// as a bridge, or the one end of a veth pair what the other sends. That other may allow larger
    /// ones than this link does, which cannot be seen here.
    ///
    /// @return bytes; the kernel's usual limits make it a few bytes over 64 KiB, and BIG TCP up to
    ///   512 KiB
    public int largestFrameBytes() {
        int superFrameBytes =
                Math.max(
                        Math.max(gsoMaxBytes, groMaxBytes),
                        Math.max(gsoIpv4MaxBytes, groIpv4MaxBytes));
        int headerBytes =
                HardwareType.isEthernet(hardwareType) ? ETHERNET_HEADER_BYTES : HEADER_BYTES;
        return Math.max(mtuBytes, superFrameBytes + HOP_BY_HOP_BYTES) + headerBytes;
    }
}
