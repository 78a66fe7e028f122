package dev.ringtail.sensor.lane;

/// Which packets of a ring a lane keeps, and how much of them, beyond what the kernel's filter
/// decides.
///
/// @param keepOutgoing false where packets that this host sends are left out, as on loopback, where
///   each is seen coming in as well
/// @param headersOnly whether packets are cut behind their transport header
/// @param sampledOneIn of how many flows one is kept; 1 for all
public record PacketRules(boolean keepOutgoing, boolean headersOnly, int sampledOneIn) {
    /// Every packet, whole.
    public static final PacketRules ALL = new PacketRules(true, false, 1);
}
