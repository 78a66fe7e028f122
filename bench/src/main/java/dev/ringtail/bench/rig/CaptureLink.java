package dev.ringtail.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The interface that all load comes in on: one end of a veth pair of the sandbox. The other end is
/// there for load that is transmitted instead of injected.
public final class CaptureLink {
    /// The end that is captured.
    public static final String NAME = "bench0";

    /// The end that load can be transmitted on.
    public static final String FAR_END = "bench1";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private CaptureLink() {}

    /// Makes the pair, and brings it and `lo` up. Neither end speaks IPv6, so nothing comes in but
    /// the load.
    ///
    /// @throws BenchException if iproute2 is missing or fails
    public static void open(Path workFolder) throws InterruptedException {
        Child.run(workFolder, LIMIT, "ip", "link", "set", "lo", "up");
        Child.run(
                workFolder, LIMIT, "ip", "link", "add", NAME, "type", "veth", "peer", FAR_END);
        for (String end : new String[] {NAME, FAR_END}) {
            silence(end);
            Child.run(workFolder, LIMIT, "ip", "link", "set", end, "up");
        }
    }

    private static void silence(String end) {
        Path ipv6 = Path.of("/proc/sys/net/ipv6/conf", end, "disable_ipv6");
        try {
            if (Files.exists(ipv6)) {
                Files.writeString(ipv6, "1");
            }
        } catch (IOException e) {
            throw new BenchException(ipv6 + " can't be written: " + e.getMessage(), e);
        }
    }
}
