package dev.ringtail.consumer.flows;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// Tells the user when an analysis that follows a topic has not gone on for a while, and when it
/// does again. For one thread.
final class TroubleLines {
    /// Longer than partitions take to be handed out, which is none.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private boolean troubled;
    private boolean told;
    private long sinceNs;

    /// @param nanoTime as [System#nanoTime]
    TroubleLines(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
    }

    /// Writes what has changed since the last look, if anything.
    ///
    /// @param troubles why the analysis does not go on; empty while it does
    void look(List<String> troubles) {
        long nowNs = nanoTime.getAsLong();
        if (troubles.isEmpty()) {
            if (told) {
                err.println("the flow analysis goes on");
                err.flush();
            }
            troubled = false;
            told = false;
        } else if (!troubled) {
            troubled = true;
            sinceNs = nowNs;
        } else if (!told && nowNs - sinceNs >= PATIENCE.toNanos()) {
            told = true;
            troubles.forEach(trouble -> err.println("warning: " + trouble));
            err.flush();
        }
    }
}
