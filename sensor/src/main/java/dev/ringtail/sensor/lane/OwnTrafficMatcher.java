package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.frame.FrameParser;

/// Tells the sensor's own connections to Kafka from other traffic. Asked on the lane threads for
/// every packet; must not wait nor allocate.
@FunctionalInterface
public interface OwnTrafficMatcher {
    /// Nothing is own traffic.
    OwnTrafficMatcher NONE = frame -> false;

    /// Whether the frame that was parsed last belongs to a connection of this process.
    boolean matches(FrameParser frame);
}
