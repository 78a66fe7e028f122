package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.LinkStatistics;

import java.time.Clock;

/// What the captures of a session share. Capture thread only.
final class CaptureContext {
    private final LibC libc;
    private final Ledger ledger;
    private final LaneFactory lanes;
    private final LinkStatistics statistics;
    private final long networkNamespaceInode;
    private SensorConfig config;
    private int lastCaptureId;

    CaptureContext(
            LibC libc,
            SensorConfig config,
            Ledger ledger,
            LaneFactory lanes,
            LinkStatistics statistics,
            long networkNamespaceInode) {
        this.libc = libc;
        this.config = config;
        this.ledger = ledger;
        this.lanes = lanes;
        this.statistics = statistics;
        this.networkNamespaceInode = networkNamespaceInode;
    }

    LibC libc() {
        return libc;
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
