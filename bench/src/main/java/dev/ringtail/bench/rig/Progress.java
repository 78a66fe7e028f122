package dev.ringtail.bench.rig;

import java.io.PrintWriter;

/// Tells on standard error how far the run is, with the seconds since its begin. Any thread.
public final class Progress {
    private final PrintWriter err;
    private final long beginNs = System.nanoTime();

    /// @param err where to
    public Progress(PrintWriter err) {
        this.err = err;
    }

    /// Prints one line.
    public void say(String line) {
        err.printf("bench: %4d s  %s%n", (System.nanoTime() - beginNs) / 1_000_000_000L, line);
        err.flush();
    }
}
