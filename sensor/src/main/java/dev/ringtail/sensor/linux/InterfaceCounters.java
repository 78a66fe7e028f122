package dev.ringtail.sensor.linux;

import dev.ringtail.schema.InterfaceReport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/// What an interface and the kernel lost before the packet socket, which the socket's own
/// statistics do not see; counted since this object was made.
///
/// Sources: /sys/class/net/NAME/statistics (Documentation/ABI/testing/sysfs-class-net-statistics)
/// and /proc/net/softnet_stat. An interface of another network namespace has no counters there;
/// they read 0.
public final class InterfaceCounters {
    private static final Path SOFTNET = Path.of("/proc/net/softnet_stat");
    private static final int SOFTNET_DROPPED_COLUMN = 1;

    private final String interfaceName;
    private final InterfaceReport start;
    private volatile InterfaceReport last;

    public InterfaceCounters(String interfaceName) {
        this.interfaceName = interfaceName;
        this.start = read();
        this.last = start;
    }

    /// The counts since this object was made, added to earlier ones. Once the device is gone, they
    /// stay as they were last read.
    public InterfaceReport since(InterfaceReport earlier) {
        if (Files.exists(statistics())) {
            last = read();
        }
        InterfaceReport now = last;
        return new InterfaceReport(
                interfaceName,
                earlier.getRxMissed() + now.getRxMissed() - start.getRxMissed(),
                earlier.getRxFifo() + now.getRxFifo() - start.getRxFifo(),
                earlier.getRxDropped() + now.getRxDropped() - start.getRxDropped(),
                earlier.getSoftnetDropped() + now.getSoftnetDropped() - start.getSoftnetDropped());
    }

    private Path statistics() {
        return Path.of("/sys/class/net", interfaceName, "statistics");
    }

    private InterfaceReport read() {
        return new InterfaceReport(
                interfaceName,
                statistic("rx_missed_errors"),
                statistic("rx_fifo_errors"),
                statistic("rx_dropped"),
                softnetDropped());
    }

    private long statistic(String name) {
        Path file = statistics().resolve(name);
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static long softnetDropped() {
        try {
            List<String> cpus = Files.readAllLines(SOFTNET);
            return cpus.stream()
                    .mapToLong(
                            c -> HexFormat.fromHexDigits(c.split(" ", -1)[SOFTNET_DROPPED_COLUMN]))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
