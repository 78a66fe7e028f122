package dev.ringtail.sensor.importer;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Says now and then how far an import has come.
final class ImportProgress {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    private final PrintWriter err;
    private final String fileName;
    private final long packetCount;
    private long packets;
    private long bytes;
    private long nextNs = System.nanoTime() + INTERVAL_NS;

    /// @param packetCount packets of the file
    ImportProgress(PrintWriter err, String fileName, long packetCount) {
        this.err = err;
        this.fileName = fileName;
        this.packetCount = packetCount;
    }

    void packet(int capturedLength) {
        packets++;
        bytes += capturedLength;
        // The clock is read now and then only.
        if ((packets & 0x3ff) == 0 && System.nanoTime() - nextNs >= 0) {
            nextNs = System.nanoTime() + INTERVAL_NS;
            say();
        }
    }

    void say() {
        long percent = packetCount == 0 ? 100 : packets * 100 / packetCount;
        err.printf(
                Locale.ROOT,
                "%s: %,d packets, %,d bytes, %d %%%n",
                fileName,
                packets,
                bytes,
                percent);
        err.flush();
    }
}
