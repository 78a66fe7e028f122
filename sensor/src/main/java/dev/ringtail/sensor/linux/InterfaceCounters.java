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
/// Sources: the device's statistics ([LinkStatistics]), and /proc/net/softnet_stat, whose counts
/// are those of the machine's processors, all interfaces and namespaces together. `any` is no
/// device and has only the latter.
public final class InterfaceCounters {
    private static final Path SOFTNET = Path.of("/proc/net/softnet_stat");
    private static final int SOFTNET_DROPPED_COLUMN = 1;

    private final NetworkInterface target;
    private final LinkStatistics statistics;
    private final InterfaceReport start;
    private volatile LinkStatistics.Losses last = LinkStatistics.Losses.NONE;

    public InterfaceCounters(NetworkInterface target, LinkStatistics statistics) {
        this.target = target;
        this.statistics = statistics;
        this.start = read();
    }

    /// The counts since this object was made, added to earlier ones. Once the device is gone, its
    /// own stay as they were last read.
    public InterfaceReport since(InterfaceReport earlier) {
        InterfaceReport now = read();
        return new InterfaceReport(
                target.name(),
                earlier.getRxMissed() + now.getRxMissed() - start.getRxMissed(),
                earlier.getRxFifo() + now.getRxFifo() - start.getRxFifo(),
                earlier.getRxDropped() + now.getRxDropped() - start.getRxDropped(),
                earlier.getSoftnetDropped() + now.getSoftnetDropped() - start.getSoftnetDropped());
    }

    private InterfaceReport read() {
        statistics.losses(target.index()).ifPresent(losses -> last = losses);
        LinkStatistics.Losses device = last;
        return new InterfaceReport(
                target.name(),
                device.rxMissed(),
                device.rxFifo(),
                device.rxDropped(),
                softnetDropped());
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
