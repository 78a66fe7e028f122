package dev.ringtail.sensor.ring;

import dev.ringtail.sensor.linux.MacAddress;

import java.util.List;

/// Which frames the device is asked to receive beside those for this host; the kernel counts who
/// asks, and undoes it when the last socket closes (PACKET_ADD_MEMBERSHIP).
///
/// @param promiscuous every frame
/// @param allMulticast every multicast frame
/// @param multicastGroups frames to these addresses
public record Memberships(
        boolean promiscuous, boolean allMulticast, List<MacAddress> multicastGroups) {
    /// Nothing beside what the host receives anyway.
    public static final Memberships NONE = new Memberships(false, false, List.of());

    /// Every frame.
    public static final Memberships PROMISCUOUS = new Memberships(true, false, List.of());

    /// Keeps a copy of the list.
    ///
    /// @throws IllegalArgumentException where an address is not a group's
    public Memberships {
        multicastGroups = List.copyOf(multicastGroups);
        for (MacAddress group : multicastGroups) {
            if (!group.isGroup()) {
                throw new IllegalArgumentException(
                        group + " is not a multicast address: its first byte is even");
            }
        }
    }
}
