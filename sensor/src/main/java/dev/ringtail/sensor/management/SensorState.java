package dev.ringtail.sensor.management;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.capture.InterfaceState;
import dev.ringtail.sensor.delivery.SinkStatus;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A sensor at about one moment.
///
/// @param report the ledger
/// @param interfaces how their captures are getting on
/// @param newestPacketNs latest capture time by lane, nanoseconds since 1970, of packets that were
///   handed over
/// @param sink how the delivery is getting on
/// @param failure what has failed for good; null while nothing has
public record SensorState(
        SensorReport report,
        List<InterfaceState> interfaces,
        Map<Integer, Long> newestPacketNs,
        SinkStatus sink,
        @Nullable Throwable failure) {}
