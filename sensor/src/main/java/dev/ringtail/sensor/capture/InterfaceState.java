package dev.ringtail.sensor.capture;

/// How the capture of an interface is getting on.
///
/// @param interfaceName its name, as far as it has been captured the last one
/// @param named whether the configuration names it; otherwise a pattern means it
/// @param attached whether rings are bound to it
/// @param up whether it was up when that was last heard of
public record InterfaceState(String interfaceName, boolean named, boolean attached, boolean up) {
    /// Whether its packets come in.
    public boolean captured() {
        return attached && up;
    }
}
