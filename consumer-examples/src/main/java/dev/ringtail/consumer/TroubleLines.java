package dev.ringtail.consumer;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// Tells the user when what follows a topic has not gone on for a while, and when it does again.
/// For one thread.
public final class TroubleLines {
    /// Longer than partitions take to be handed out, which is none.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String what;
    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private boolean troubled;
    private boolean told;
    private long sinceNs;

    /// @param what follows the topic, as `the export`
    /// @param nanoTime as [System#nanoTime]
    public TroubleLines(String what, PrintWriter err, LongSupplier nanoTime) {
        this.what = what;
        this.err = err;
        this.nanoTime = nanoTime;
    }

    /// Writes what has changed since the last look, if anything.
    ///
    /// @param troubles why it does not go on; empty while it does
    public void look(List<String> troubles) {
        long nowNs = nanoTime.getAsLong();
        if (troubles.isEmpty()) {
            if (told) {
                err.println(what + " goes on");
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
