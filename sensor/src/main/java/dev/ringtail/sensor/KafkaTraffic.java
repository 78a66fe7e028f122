package dev.ringtail.sensor;

import dev.ringtail.sensor.lane.OwnTrafficMatcher;

/// The sensor's own connections to Kafka.
final class KafkaTraffic {
    private KafkaTraffic() {}

    static void install() {}

    static OwnTrafficMatcher matcher() {
        return OwnTrafficMatcher.NONE;
    }
}
