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

    public InterfaceCounters(String interfaceName) {
        this.interfaceName = interfaceName;
        this.start = read();
    }

    /// The counts since the beginning.
    public InterfaceReport since() {
        InterfaceReport now = read();
        return new InterfaceReport(
                interfaceName,
                now.getRxMissed() - start.getRxMissed(),
                now.getRxFifo() - start.getRxFifo(),
                now.getRxDropped() - start.getRxDropped(),
                now.getSoftnetDropped() - start.getSoftnetDropped());
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
        Path file = Path.of("/sys/class/net", interfaceName, "statistics", name);
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
