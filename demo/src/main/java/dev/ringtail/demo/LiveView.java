package dev.ringtail.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Shows the figures as they change: in place on a terminal, a line a time elsewhere.
final class LiveView {
    /// Flows that the view has room for.
    static final int FLOW_COUNT = 5;

    private static final int MAX_WIDTH = 79;
    private static final String CLEAR_LINE = "\033[2K";

    private final PrintWriter out;
    private final boolean inPlace;
    private int drawnLines;

    /// @param inPlace whether `out` is a terminal that can move its cursor up
    LiveView(PrintWriter out, boolean inPlace) {
        this.out = out;
        this.inPlace = inPlace;
    }

    /// Whether standard error is a terminal that understands cursor movements.
    static boolean stderrIsTerminal() {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            String term = System.getenv().getOrDefault("TERM", "dumb");
            return (target.startsWith("/dev/pts") || target.startsWith("/dev/tty"))
                    && !term.equals("dumb");
        } catch (IOException unknown) {
            return false;
        }
    }

    /// Shows figures, replacing those shown before where that is possible.
    ///
    /// @param elapsed time since the start, as it is to be shown
    /// @param flows the busiest flows, busiest first
    void show(String elapsed, Figures earlier, Figures now, List<BusyFlow> flows) {
        if (inPlace) {
            redraw(block(elapsed, earlier, now, flows));
        } else {
            out.println(line(elapsed, earlier, now, flows));
        }
        out.flush();
    }

    private void redraw(List<String> lines) {
        StringBuilder frame = new StringBuilder();
        if (drawnLines > 0) {
            frame.append("\033[").append(drawnLines).append('A');
        }
        for (String line : lines) {
            String fitting = line.length() <= MAX_WIDTH ? line : line.substring(0, MAX_WIDTH);
            frame.append(CLEAR_LINE).append(fitting).append('\n');
        }
        out.print(frame);
        drawnLines = lines.size();
    }

    private static String line(String elapsed, Figures earlier, Figures now, List<BusyFlow> flows) {
        String busiest = flows.isEmpty() ? "" : "  busiest " + flows.getFirst().description();
        return "%6s  %s packets/s  %s/s  kernel drops %s  lag %s packets%s"
                .formatted(
                        elapsed,
                        count((long) now.packetsPerSecond(earlier)),
                        bytes(now.bytesPerSecond(earlier)),
                        count(now.kernelDrops()),
                        count(now.lag()),
                        busiest);
    }

    private static List<String> block(
            String elapsed, Figures earlier, Figures now, List<BusyFlow> flows) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row("running", elapsed, "Ctrl-C ends it"));
        lines.add(row("packets/s", count((long) now.packetsPerSecond(earlier)), ""));
        lines.add(row("bytes/s", bytes(now.bytesPerSecond(earlier)), ""));
        lines.add(row("captured", count(now.captured()), "packets"));
        lines.add(row("lag", count(now.lag()), "captured, not yet acknowledged by Kafka"));
        lines.add(row("kernel drops", count(now.kernelDrops()), ""));
        lines.add(row("left out", count(now.ownTraffic()), "own Kafka traffic"));
        lines.add(row("", count(now.outgoing()), "outgoing copies of packets that lo shows twice"));
        lines.add("busiest flows");
        for (int i = 0; i < FLOW_COUNT; i++) {
            lines.add(i < flows.size() ? flow(flows.get(i)) : "");
        }
        return lines;
    }

    private static String row(String name, String value, String remark) {
        return "  %-14s%14s  %s".formatted(name, value, remark).stripTrailing();
    }

    private static String flow(BusyFlow flow) {
        return "  %14s  %s".formatted(bytes((double) flow.octets()), flow.description());
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// Bytes with a decimal prefix: `812 B`, `2.1 MB`.
    static String bytes(double value) {
        double scaled = value;
        for (String unit : List.of("B", "kB", "MB", "GB")) {
            if (scaled < 1000) {
                return String.format(
                        Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", scaled, unit);
            }
            scaled /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f TB", scaled);
    }
}
