package dev.ringtail.demo;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/// What a demo was asked to do.
///
/// @param duration when it ends by itself; null for not before Ctrl-C
/// @param interfaceName interface to capture
/// @param pcapng file for all captured packets
/// @param port TCP port of the embedded Kafka; null for the usual one, or any free one where that
///   is taken
/// @param data folder for Kafka's data; null for a temporary one
/// @param lanes lanes of the sensor
/// @param summary file for the ledger as JSON, null for none
/// @param outgoing whether to keep outgoing packets on loopback too
record DemoOptions(
        @Nullable Duration duration,
        String interfaceName,
        Path pcapng,
        @Nullable Integer port,
        @Nullable Path data,
        int lanes,
        @Nullable Path summary,
        boolean outgoing) {}
