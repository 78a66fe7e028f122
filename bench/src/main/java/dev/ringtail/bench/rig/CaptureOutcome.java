package dev.ringtail.bench.rig;

import java.util.Map;

/// What a capture program counted.
///
/// @param received packets that came where the program brings them: read, or acknowledged by Kafka
/// @param dropped packets that the kernel gave to its ring and that did not get there
/// @param more what this program measures beside
public record CaptureOutcome(long received, long dropped, Map<Metric, Double> more) {
    /// An outcome without more.
    public static CaptureOutcome of(long received, long dropped) {
        return new CaptureOutcome(received, dropped, Map.of());
    }
}
