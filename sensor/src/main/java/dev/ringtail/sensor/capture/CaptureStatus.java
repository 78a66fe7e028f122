package dev.ringtail.sensor.capture;

/// What is captured of an interface, for people.
///
/// @param interfaceName its name
/// @param linkType LINKTYPE_* value of its packets
/// @param laneCount count of its lanes
/// @param snapLength most bytes kept of a packet
/// @param keepOutgoing whether packets that this host sends are kept
public record CaptureStatus(
        String interfaceName, int linkType, int laneCount, int snapLength, boolean keepOutgoing) {}
