package dev.ringtail.sensor.delivery;

import java.time.Duration;
import java.util.List;

/// How a sink is getting on.
///
/// @param lag age of the oldest batch that was taken and has no outcome yet; zero for none
/// @param troubles why batches or reports do not arrive at present; empty while they do
public record SinkStatus(Duration lag, List<DeliveryTrouble> troubles) {
    /// All is well, and nothing waits.
    public static final SinkStatus IDLE = new SinkStatus(Duration.ZERO, List.of());
}
