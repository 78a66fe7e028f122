package dev.ringtail.bench.rig;

import java.nio.file.Path;
import java.util.Optional;

/// A program that captures [CaptureLink#NAME].
public interface CaptureProgram {
    /// Name in the table.
    String name();

    /// Why this machine can't run it; empty where it can.
    default Optional<String> missing() throws InterruptedException {
        return Optional.empty();
    }

    /// Starts it and returns once it captures.
    ///
    /// @param workFolder for its output
    /// @throws BenchException if it does not come so far
    RunningCapture start(Path workFolder) throws InterruptedException;
}
