package dev.ringtail.bench.rig;

import java.util.Map;
import java.util.function.LongSupplier;

/// A program that captures now.
public interface RunningCapture extends AutoCloseable {
    /// CPU time that its rows count, in nanoseconds until now.
    long cpuNs();

    /// CPU time by who uses it, under the names of [Limit], to judge what limits the rate.
    Map<String, LongSupplier> cpuParts();

    /// Process id.
    long pid();

    /// Ends it in order.
    ///
    /// @return what it counted
    /// @throws BenchException if it failed, or has not ended in time
    CaptureOutcome stop() throws InterruptedException;

    /// Ends it in any case.
    @Override
    void close();
}
