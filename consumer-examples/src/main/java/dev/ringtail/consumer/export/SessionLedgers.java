package dev.ringtail.consumer.export;

import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.SensorReport;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.function.Supplier;

/// The newest ledger of each session, as of the last time they were read.
final class SessionLedgers {
    private final Supplier<Collection<SensorReport>> source;
    private final boolean growing;
    private Collection<SensorReport> reports;

    /// Reads the ledgers.
    ///
    /// @param source reads them
    /// @param growing whether sessions and attachments may come that they don't have yet; they are
    ///   then read again when one does
    SessionLedgers(Supplier<Collection<SensorReport>> source, boolean growing) {
        this.source = source;
        this.growing = growing;
        this.reports = source.get();
    }

    /// Reads the ledgers anew.
    void refresh() {
        reports = source.get();
    }

    /// One report a session.
    Collection<SensorReport> reports() {
        return reports;
    }

    /// What a session says of an attachment to an interface; null if it is not known.
    @Nullable CaptureReport capture(String sensorId, String sessionId, int captureId) {
        CaptureReport known = find(sensorId, sessionId, captureId);
        if (known == null && growing) {
            refresh();
            return find(sensorId, sessionId, captureId);
        }
        return known;
    }

    private @Nullable CaptureReport find(String sensorId, String sessionId, int captureId) {
        for (SensorReport report : reports) {
            if (report.getSensorId().equals(sensorId) && report.getSessionId().equals(sessionId)) {
                for (CaptureReport capture : report.getCaptures()) {
                    if (capture.getCaptureId() == captureId) {
                        return capture;
                    }
                }
            }
        }
        return null;
    }
}
