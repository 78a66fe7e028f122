package dev.ringtail.sensor.ledger;

/// What is fixed about a session when it begins.
///
/// @param sensorId who captures
/// @param sessionId this run of the sensor
/// @param host host name of the machine
/// @param softwareVersion name and version of this software
/// @param startTimeNs when the session began, nanoseconds since 1970
/// @param partitionCount partitions that the session spreads its packets over
/// @param weakened delivery settings weaker than idempotent, acks=all; empty for none
public record SessionFacts(
        String sensorId,
        String sessionId,
        String host,
        String softwareVersion,
        long startTimeNs,
        int partitionCount,
        String weakened) {}
