package dev.ringtail.bench.load;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.bench.rig.Child;

import java.time.Duration;

/// An injector that runs.
public final class Injection implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Child process;
    private final Duration limit;

    Injection(Child process, long seconds) {
        this.process = process;
        this.limit = Duration.ofSeconds(seconds + PATIENCE_SECONDS);
    }

    /// Whether it still injects.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end.
    ///
    /// @return what it gave
    public Injected result() throws InterruptedException {
        process.awaitSuccess(limit);
        JsonNode json = process.json();
        return new Injected(
                json.required("frames").asLong(),
                json.required("bytes").asLong(),
                json.required("seconds").asDouble(),
                json.required("cpuNs").asLong());
    }

    @Override
    public void close() {
        process.close();
    }
}
