package dev.ringtail.sensor.importer;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Says now and then how far the work on a file has come.
final class ImportProgress {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    private final PrintWriter err;
    private final String label;
    private String doing = "";
    private long packetCount;
    private long packets;
    private long bytes;
    private long nextNs = System.nanoTime() + INTERVAL_NS;

    /// @param label what the lines begin with
    ImportProgress(PrintWriter err, String label) {
        this.err = err;
        this.label = label;
    }

    /// Begins a reading of the file.
    ///
    /// @param toDo what is done with its packets
    /// @param expectedPackets 0 where that is not known
    void begin(String toDo, long expectedPackets) {
        doing = toDo;
        packetCount = expectedPackets;
        packets = 0;
        bytes = 0;
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

    private void say() {
        err.printf(Locale.ROOT, "%s: %s, %,d packets, %,d bytes", label, doing, packets, bytes);
        if (packetCount > 0) {
            err.printf(Locale.ROOT, ", %d %%", packets * 100 / packetCount);
        }
        err.println();
        err.flush();
    }
}
