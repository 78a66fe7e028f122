package dev.ringtail.consumer.flows;

import java.io.PrintWriter;
import java.time.Duration;

/// Tells the user how far reading has come: a line every few seconds, none for short work.
final class ProgressLines implements ProgressListener {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final PrintWriter out;
    private long lastNs = System.nanoTime();

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void read(long readBatches, long allBatches) {
        if (System.nanoTime() - lastNs >= INTERVAL.toNanos()) {
            lastNs = System.nanoTime();
            out.printf("flows: read %d of %d batches%n", readBatches, allBatches);
            out.flush();
        }
    }
}
