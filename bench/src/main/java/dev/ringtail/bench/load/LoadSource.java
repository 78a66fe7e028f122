package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.Home;

import java.nio.file.Path;

/// What makes load: frames that come in on [dev.ringtail.bench.rig.CaptureLink#NAME].
@FunctionalInterface
public interface LoadSource {
    /// Starts it.
    ///
    /// @param seconds after which it ends by itself
    /// @throws dev.ringtail.bench.rig.BenchException if it can't be started
    Injection start(Home home, Path workFolder, LoadSpec load, long seconds)
            throws InterruptedException;
}
