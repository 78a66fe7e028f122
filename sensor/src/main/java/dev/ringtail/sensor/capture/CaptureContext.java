package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.LinkStatistics;

import java.time.Clock;

/// What the captures of a session share. Capture thread only.
final class CaptureContext {
    private final CaptureTargets targets;
    private final Ledger ledger;
    private final LaneFactory lanes;
    private final LanePlacement cpus;
    private final LinkStatistics statistics;
    private final long networkNamespaceInode;
    private SensorConfig config;
    private int lastCaptureId;

    CaptureContext(
            SensorConfig config,
            CaptureTargets targets,
            Ledger ledger,
            LaneFactory lanes,
            LanePlacement cpus,
            LinkStatistics statistics,
            long networkNamespaceInode) {
        this.targets = targets;
        this.config = config;
        this.ledger = ledger;
        this.lanes = lanes;
        this.cpus = cpus;
        this.statistics = statistics;
        this.networkNamespaceInode = networkNamespaceInode;
    }

    CaptureTargets targets() {
        return targets;
    }

    LibC libc() {
        return targets.libc();
    }

    SensorConfig config() {
        return config;
    }

    /// Goes on with other filters.
    void config(SensorConfig changed) {
        config = changed;
    }

    Ledger ledger() {
        return ledger;
    }

    LaneFactory lanes() {
        return lanes;
    }

    LanePlacement cpus() {
        return cpus;
    }

    /// The devices' own statistics, of the namespace that is captured.
    LinkStatistics statistics() {
        return statistics;
    }

    long networkNamespaceInode() {
        return networkNamespaceInode;
    }

    int nextCaptureId() {
        return ++lastCaptureId;
    }

    /// Nanoseconds since 1970.
    static long nowNs() {
        return Ledger.nanosecondsOf(Clock.systemUTC().instant());
    }
}
