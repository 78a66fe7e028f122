package dev.ringtail.sensor.record;

import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.config.RecordConfig;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.function.Supplier;

/// The file that is written now, and when the next begins.
///
/// A file is full with the packet that makes it as large, or finds it as old, as the configuration
/// says; so it may be larger by one packet and the statistics. One without packets is never full.
/// The next file is created when there is a packet for it. The recorder's thread alone.
final class Recording {
    private static final Logger LOGGER = LoggerFactory.getLogger(Recording.class);

    private final FileSeries series;
    private final Supplier<SensorReport> ledger;
    private final long fullBytes;
    private final long fullAgeNs;
    private @Nullable CaptureFile file;

    /// @param ledger the session's reports
    Recording(RecordConfig config, FileSeries series, Supplier<SensorReport> ledger) {
        this.series = series;
        this.ledger = ledger;
        this.fullBytes = config.rotatesBySize() ? config.rotateSize().bytes() : Long.MAX_VALUE;
        this.fullAgeNs =
                config.rotatesByTime() ? config.rotateEvery().duration().toNanos() : Long.MAX_VALUE;
    }

    /// Begins a file, unless there is one.
    ///
    /// @param nowNs [System#nanoTime]
    /// @throws RecordException if that fails
    CaptureFile begin(long nowNs) {
        CaptureFile present = file;
        if (present == null) {
            OutputFile out = series.next();
            try {
                present = CaptureFile.begin(out, ledger, nowNs);
            } catch (IOException e) {
                takeBack(out);
                throw RecordException.cannotWrite(out.name(), e);
            }
            file = present;
        }
        return present;
    }

    /// Whether the next packet belongs into another file. Flush before [#end].
    boolean isFull(long nowNs) {
        CaptureFile present = file;
        return present != null
                && present.packetCount() > 0
                && (present.length() >= fullBytes || nowNs - present.beganNs() >= fullAgeNs);
    }

    /// Appends a batch's present packet to the file.
    ///
    /// @throws RecordException if that fails
    void write(PacketBatchReader packet, long nowNs) {
        CaptureFile present = begin(nowNs);
        try {
            present.write(packet);
        } catch (IOException e) {
            throw RecordException.cannotWrite(present.name(), e);
        }
    }

    /// Bytes that are in the file only after the next [#flush].
    long unflushedBytes() {
        return file == null ? 0 : file.unflushedBytes();
    }

    /// Hands everything to the operating system.
    ///
    /// @throws RecordException if that fails; nothing since the flush before is in the file then
    void flush() {
        CaptureFile present = file;
        if (present != null) {
            try {
                present.flush();
            } catch (IOException e) {
                throw RecordException.cannotWrite(present.name(), e);
            }
        }
    }

    /// Completes the file, if there is one. Its packets are in it, whatever this throws.
    ///
    /// @throws RecordException if that fails
    void end() {
        CaptureFile present = file;
        if (present != null) {
            try {
                present.end();
            } catch (IOException e) {
                throw RecordException.cannotWrite(present.name(), e);
            }
            file = null;
        }
    }

    /// Leaves the file, if there is one, with what was flushed.
    void giveUp() {
        CaptureFile present = file;
        file = null;
        if (present != null) {
            try {
                present.giveUp();
            } catch (IOException e) {
                LOGGER.warn("{} may end within a block: {}", present.name(), e.getMessage());
            }
        }
    }

    private static void takeBack(OutputFile out) {
        try {
            out.takeBack();
        } catch (IOException e) {
            LOGGER.debug("closing {}", out.name(), e);
        }
    }
}
