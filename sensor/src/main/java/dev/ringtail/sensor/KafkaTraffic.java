package dev.ringtail.sensor;

import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.owntraffic.OwnTraffic;
import dev.ringtail.sensor.owntraffic.OwnTrafficException;

/// The sensor's own connections to Kafka.
public final class KafkaTraffic {
    private static final int TCP = 6;
    private static final int LOOPBACK_NETWORK = 127;

    private KafkaTraffic() {}

    /// Makes the JVM claim the ports of Kafka's connections from now on. Before any channel is
    /// opened.
    public static void install() {
        try {
            OwnTraffic.install();
        } catch (OwnTrafficException e) {
            // Not every command needs it; those that do are told by matcher().
            return;
        }
    }

    /// Tells the packets of those connections.
    ///
    /// @throws OwnTrafficException where the JVM can't
    public static OwnTrafficMatcher matcher() {
        OwnTraffic own = OwnTraffic.install();
        return new OwnTrafficMatcher() {
            @Override
            public boolean matches(FrameParser frame) {
                return KafkaTraffic.matches(own, frame);
            }

            @Override
            public boolean matches4(
                    int source, int destination, int sourcePort, int destinationPort) {
                return own.isOwn4(source, destination, sourcePort, destinationPort);
            }
        };
    }

    /// Tells the packets of those connections on interfaces of a network namespace. In another than
    /// this process's, a loopback address is somebody else's.
    ///
    /// @param netns namespace as `sensor --netns` takes it; empty for this process's own
    /// @throws OwnTrafficException where the JVM can't
    public static OwnTrafficMatcher matcher(String netns) {
        OwnTrafficMatcher matcher = matcher();
        return netns.isEmpty()
                ? matcher
                : new OwnTrafficMatcher() {
                    @Override
                    public boolean matches(FrameParser frame) {
                        return !isLoopback(frame) && matcher.matches(frame);
                    }

                    @Override
                    public boolean matches4(
                            int source, int destination, int sourcePort, int destinationPort) {
                        return !isLoopback4(source)
                                && matcher.matches4(
                                        source, destination, sourcePort, destinationPort);
                    }
                };
    }

    private static boolean isLoopback(FrameParser frame) {
        // A packet from or to a loopback address has one at both ends.
        return switch (frame.ipVersion()) {
            case 4 -> isLoopback4(frame.sourceAddress4());
            case 6 -> frame.sourceAddressHigh() == 0 && frame.sourceAddressLow() == 1;
            default -> false;
        };
    }

    private static boolean isLoopback4(int address) {
        return address >>> 24 == LOOPBACK_NETWORK;
    }

    private static boolean matches(OwnTraffic own, FrameParser frame) {
        if (frame.protocol() != TCP || !frame.hasPorts()) {
            return false;
        }
        return switch (frame.ipVersion()) {
            case 4 ->
                    own.isOwn4(
                            frame.sourceAddress4(),
                            frame.destinationAddress4(),
                            frame.sourcePort(),
                            frame.destinationPort());
            case 6 ->
                    own.isOwn6(
                            frame.sourceAddressHigh(),
                            frame.sourceAddressLow(),
                            frame.destinationAddressHigh(),
                            frame.destinationAddressLow(),
                            frame.sourcePort(),
                            frame.destinationPort());
            default -> false;
        };
    }
}
