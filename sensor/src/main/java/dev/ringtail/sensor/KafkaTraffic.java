package dev.ringtail.sensor;

import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.owntraffic.OwnTraffic;

/// The process's own connections to Kafka, which a capture leaves out and counts.
public final class KafkaTraffic {
    private static final int TCP = 6;

    private static volatile OwnTrafficMatcher matcher = OwnTrafficMatcher.NONE;

    private KafkaTraffic() {}

    /// Begins to take note of connections. First thing in `main`: those from before are not known.
    public static void install() {
        OwnTraffic own = OwnTraffic.install();
        matcher = frame -> frame.protocol() == TCP && frame.hasPorts() && isOwn(own, frame);
    }

    /// Tells the connections that were noted; nothing is own traffic without [#install].
    public static OwnTrafficMatcher matcher() {
        return matcher;
    }

    private static boolean isOwn(OwnTraffic own, FrameParser frame) {
        if (frame.ipVersion() == 4) {
            return own.isOwn4(
                    frame.sourceAddress4(),
                    frame.destinationAddress4(),
                    frame.sourcePort(),
                    frame.destinationPort());
        }
        return own.isOwn6(
                frame.sourceAddressHigh(),
                frame.sourceAddressLow(),
                frame.destinationAddressHigh(),
                frame.destinationAddressLow(),
                frame.sourcePort(),
                frame.destinationPort());
    }
}
