package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.frame.FrameParser;

/// Tells the sensor's own connections to Kafka from other traffic. Asked on the lane threads for
/// every packet; must not wait nor allocate.
public interface OwnTrafficMatcher {
    /// Nothing is own traffic.
    OwnTrafficMatcher NONE =
            new OwnTrafficMatcher() {
                @Override
                public boolean matches(FrameParser frame) {
                    return false;
                }

                @Override
                public boolean matches4(
                        int source, int destination, int sourcePort, int destinationPort) {
                    return false;
                }
            };

    /// Whether the frame that was parsed last belongs to a TCP connection of this process.
    boolean matches(FrameParser frame);

    /// The same of a TCP packet over IPv4, by addresses (big-endian numbers) and ports; must agree
    /// with [#matches].
    boolean matches4(int source, int destination, int sourcePort, int destinationPort);
}
