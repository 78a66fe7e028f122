package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.RingConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps rings within the machine's memory. The kernel does not refuse a ring that is too large: it
/// calls the OOM killer, and neither a container's limit nor -Xmx is asked.
final class MemoryGuard {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final int DIVISOR = 4;

    private MemoryGuard() {}

    /// Checks that all rings together take at most a quarter of the available memory.
    ///
    /// @throws InvalidConfigException where they take more
    static void check(RingConfig ring, int laneCount) {
        long wantedBytes = Math.multiplyExact(ring.geometry().lengthBytes(), laneCount);
        long allowedBytes = availableBytes() / DIVISOR;
        if (wantedBytes > allowedBytes) {
            throw new InvalidConfigException(
                    "ring.blockCount",
                    "%d × %d blocks of %s take %d MiB, and a quarter of the available memory is %d MiB; use at most %d blocks, or fewer lanes"
                            .formatted(
                                    laneCount,
                                    ring.blockCount(),
                                    ring.blockSize(),
                                    wantedBytes >> 20,
                                    allowedBytes >> 20,
                                    allowedBytes / laneCount / ring.blockSize().bytes()));
        }
    }

    private static long availableBytes() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException e) {
            // Without /proc there is no bound to check against; the kernel decides.
            return Long.MAX_VALUE;
        }
        return Long.MAX_VALUE;
    }
}
