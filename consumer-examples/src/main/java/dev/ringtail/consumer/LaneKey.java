package dev.ringtail.consumer;

import java.util.Comparator;

/// A lane of a session of a sensor: the packets that one thread captured, in one order.
///
/// @param sensorId as in PacketBatch
/// @param sessionId as in PacketBatch
/// @param lane as in PacketBatch
public record LaneKey(String sensorId, String sessionId, int lane) implements Comparable<LaneKey> {
    private static final Comparator<LaneKey> ORDER =
            Comparator.comparing(LaneKey::sensorId)
                    .thenComparing(LaneKey::sessionId)
                    .thenComparingInt(LaneKey::lane);

    @Override
    public int compareTo(LaneKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "lane " + lane + " of " + sensorId + "/" + sessionId;
    }
}
