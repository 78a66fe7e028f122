package dev.ringtail.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The interface that all load comes in on: one end of a veth pair of the sandbox. The other end is
/// there for load that is transmitted instead of injected.
public final class CaptureLink {
    /// The end that is captured.
    public static final String NAME = "bench0";

    /// The end that load can be transmitted on.
    public static final String FAR_END = "bench1";

    /// Column `R` of `/proc/net/packet`.
    private static final int RUNNING_FIELD = 5;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private CaptureLink() {}

    /// Makes the pair, and brings it and `lo` up. Neither end speaks IPv6, so nothing comes in but
    /// the load.
    ///
    /// @throws BenchException if iproute2 is missing or fails
    public static void open(Path workFolder) throws InterruptedException {
        Child.run(workFolder, LIMIT, "ip", "link", "set", "lo", "up");
        Child.run(workFolder, LIMIT, "ip", "link", "add", NAME, "type", "veth", "peer", FAR_END);
        for (String end : new String[] {NAME, FAR_END}) {
            silence(end);
            Child.run(workFolder, LIMIT, "ip", "link", "set", end, "up");
        }
    }

    /// Waits until a program's packet socket is bound, and packets come into it
    /// (`/proc/net/packet`). No other may be bound in the sandbox.
    ///
    /// @throws BenchException if the program has ended, or the time is over, without one
    public static void awaitPacketSocket(Child program, Duration limit)
            throws InterruptedException {
        long endNs = System.nanoTime() + limit.toNanos();
        while (!isPacketSocketBound()) {
            if (!program.isAlive()) {
                throw program.failed("has ended before it captured");
            }
            if (System.nanoTime() - endNs >= 0) {
                throw program.failed("has not begun to capture");
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    private static boolean isPacketSocketBound() {
        try {
            return Files.readAllLines(Path.of("/proc/self/net/packet")).stream()
                    .skip(1)
                    .map(line -> List.of(line.strip().split(" +")))
                    .anyMatch(fields -> fields.get(RUNNING_FIELD).equals("1"));
        } catch (IOException e) {
            throw new BenchException("/proc/net/packet can't be read: " + e.getMessage(), e);
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
