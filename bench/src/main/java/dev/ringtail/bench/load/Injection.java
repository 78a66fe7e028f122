package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.Child;

import java.time.Duration;
import java.util.function.Function;

/// A source of load that runs.
public final class Injection implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Child process;
    private final Duration limit;
    private final Function<Child, Injected> counted;

    /// @param seconds after which it ends by itself
    /// @param counted what it gave, by what it said when it has ended
    Injection(Child process, long seconds, Function<Child, Injected> counted) {
        this.process = process;
        this.limit = Duration.ofSeconds(seconds + PATIENCE_SECONDS);
        this.counted = counted;
    }

    /// Whether it still gives load.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end for a while.
    ///
    /// @return whether it has ended
    public boolean endsWithin(Duration wait) throws InterruptedException {
        return process.endsWithin(wait);
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
