package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.Child;

import java.time.Duration;
import java.util.function.Function;

/// A source of load that runs.
public final class Injection implements AutoCloseable {
    /// Until a source of load that can't keep its pace, or starts in the midst of others' work, is
    /// given up.
    private static final long PATIENCE_SECONDS = 30;

    private final Child process;
    private final Duration limit;
    private final long endNs;
    private final Function<Child, Injected> counted;

    /// @param seconds after which it ends by itself
    /// @param counted what it gave, by what it said when it has ended
    Injection(Child process, long seconds, Function<Child, Injected> counted) {
        this.process = process;
        this.limit = Duration.ofSeconds(seconds + PATIENCE_SECONDS);
        this.endNs = System.nanoTime() + limit.toNanos();
        this.counted = counted;
    }

    /// Whether it still gives load.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end for a while.
    ///
    /// @return whether it has ended
    /// @throws dev.ringtail.bench.rig.BenchException if it has not long after it should have
    public boolean endsWithin(Duration wait) throws InterruptedException {
        boolean ended = process.endsWithin(wait);
        if (!ended && System.nanoTime() - endNs >= 0) {
            throw process.failed("has not ended within " + limit.toSeconds() + " s");
        }
        return ended;
    }

    /// Waits for its end.
    ///
    /// @return what it gave
    public Injected result() throws InterruptedException {
        process.awaitSuccess(limit);
        return counted.apply(process);
    }

    @Override
    public void close() {
        process.close();
    }
}
