package dev.ringtail.consumer.export;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/// Tells on standard error how far an export is: in one line over and over on a terminal, a line
/// every few seconds elsewhere.
final class Progress {
    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(5);

    /// The clock is looked at once in so many packets.
    private static final int PACKETS_PER_LOOK = 4096;

    private final PrintWriter err;
    private final boolean terminal;
    private final long intervalNs;
    private long lastNs = System.nanoTime();
    private int untilLook = PACKETS_PER_LOOK;
    private boolean lineOpen;

    Progress(PrintWriter err) {
        this.err = err;
        this.terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        this.intervalNs = (terminal ? TERMINAL_INTERVAL : LOG_INTERVAL).toNanos();
    }

    /// Tells of batches that have been indexed.
    void indexed(int batchCount) {
        long nowNs = System.nanoTime();
        if (nowNs - lastNs >= intervalNs) {
            tell(batchCount + " batches indexed", nowNs);
        }
    }

    /// Tells of packets that have been written; cheap enough for each packet.
    void wrote(long packetCount) {
        if (--untilLook > 0) {
            return;
        }
        untilLook = PACKETS_PER_LOOK;
        long nowNs = System.nanoTime();
        if (nowNs - lastNs >= intervalNs) {
            tell(packetCount + " packets written", nowNs);
        }
    }

    private void tell(String text, long nowNs) {
        lastNs = nowNs;
        if (terminal) {
            err.print("\r" + text);
            lineOpen = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /// Ends the line, so that other output begins on one of its own.
    void end() {
        if (lineOpen) {
            err.println();
            lineOpen = false;
        }
    }
}
