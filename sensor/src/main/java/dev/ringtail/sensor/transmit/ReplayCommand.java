package dev.ringtail.sensor.transmit;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/// `ringtail replay`: puts the frames of a capture file onto an interface.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Sends the frames of a capture file (pcap, pcapng) out of an interface, as they are and"
                    + " in order: at the recorded pace, faster, at a fixed rate, or as fast as the"
                    + " device takes them. At the end it prints what was sent and what was not.",
            "",
            "Exit: 0 when everything was sent, 1 failed, something could not be sent or a part of"
                    + " the file is unreadable, 2 wrong usage, 77 without CAP_NET_RAW.",
            ""
        })
public final class ReplayCommand implements Callable<Integer> {
    private static final long MAX_RATE = 1_000_000_000;
    private static final double MIN_SPEED = 0.001;
    private static final double MAX_SPEED = 1_000_000;
    private static final String TOP_SPEED = "max";

    /// The pace: one of them, or none for the recorded one.
    static final class Pace {
        @Option(
                names = "--speed",
                paramLabel = "X",
                description = "Times the recorded pace; 10 is ten times as fast (default: 1).")
        private @Nullable Double speed;

        @Option(
                names = "--rate",
                paramLabel = "PPS|max",
                description =
                        "So many packets a second, evenly; max: as fast as the device takes them.")
        private @Nullable String rate;
    }

    private final BooleanSupplier stopRequested;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Capture file to send.")
    private Path file = Path.of("");

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            required = true,
            description = "Interface to send from.")
    private String interfaceName = "";

    @ArgGroup private Pace pace = new Pace();

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "FILTER",
            description =
                    "Send only what matches, in tcpdump's language, for instance 'udp port 53'.")
    private String filter = "";

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "Send at most so many packets.")
    private @Nullable Long count;

    @Option(
            names = "--loop",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Send the file so many times; 0: until Ctrl-C (default: ${DEFAULT-VALUE}).")
    private int loop = 1;

    @Option(
            names = "--through-qdisc",
            description =
                    "Send through the interface's queueing discipline, where tcpdump on this"
                            + " machine sees it too, instead of straight to the device.")
    private boolean throughQdisc;

    /// @param stopSignal ends the replay early
    public ReplayCommand(StopSignal stopSignal) {
        this(() -> stopSignal.await(Duration.ZERO));
    }

    ReplayCommand(BooleanSupplier stopRequested) {
        this.stopRequested = stopRequested;
    }

    @Override
    public Integer call() {
        Pacer pacer = pacer();
        if (count != null && count < 1) {
            throw invalid("-c", count, "at least 1");
        }
        if (loop < 0) {
            throw invalid("--loop", loop, "0 or more");
        }
        LibC libc = LibC.load();
        NetworkInterface target = NetworkInterface.byName(libc, interfaceName);
        TransmitCounters counters = new TransmitCounters();
        PrintWriter err = commandSpec().commandLine().getErr();
        try (InterfaceTarget interfaceTarget =
                        InterfaceTarget.open(libc, target, !throughQdisc, counters);
                ReplayFilter wanted = new ReplayFilter(filter)) {
            Replay.Plan plan =
                    new Replay.Plan(
                            file,
                            interfaceTarget.linkType(),
                            wanted,
                            loop,
                            count == null ? 0 : count,
                            announcement(target, interfaceTarget.linkType()));
            ReplayReport report =
                    new Replay(plan, pacer, interfaceTarget.sink(), counters, err, stopRequested)
                            .run();
            return tell(report) ? 0 : 1;
        }
    }

    private String announcement(NetworkInterface target, int linkType) {
        return "sending %s out of %s, link type %s, %s"
                .formatted(
                        file,
                        target.name(),
                        LinkType.name(linkType),
                        throughQdisc
                                ? "through its queueing discipline"
                                : "past its queueing discipline (taps on this machine see nothing;"
                                        + " --through-qdisc)");
    }

    private boolean tell(ReplayReport report) {
        PrintWriter out = commandSpec().commandLine().getOut();
        out.print(report.text());
        out.flush();
        PrintWriter err = commandSpec().commandLine().getErr();
        if (report.cut().packets() > 0) {
            err.printf(
                    "warning: %,d packets were cut when they were captured, and sent so%n",
                    report.cut().packets());
        }
        if (report.fault() != null) {
            err.printf("ringtail replay: %s%n", report.fault());
        }
        // Without an end of its own, being stopped is how it ends.
        boolean stopped = stopRequested.getAsBoolean() && loop != 0;
        if (stopped) {
            err.println("stopped before the end");
        }
        err.flush();
        return report.complete() && !stopped;
    }

    private Pacer pacer() {
        if (TOP_SPEED.equals(pace.rate)) {
            return Pacer.topSpeed();
        }
        if (pace.rate != null) {
            return Pacer.rate(rate(pace.rate));
        }
        double speed = Objects.requireNonNullElse(pace.speed, 1.0);
        if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
            throw invalid("--speed", speed, "0.001 to 1000000");
        }
        return Pacer.recorded(speed);
    }

    private long rate(String text) {
        try {
            long rate = Long.parseLong(text);
            if (rate >= 1 && rate <= MAX_RATE) {
                return rate;
            }
        } catch (NumberFormatException e) {
            throw invalid("--rate", text, "1 to 1000000000 packets a second, or max");
        }
        throw invalid("--rate", text, "1 to 1000000000 packets a second, or max");
    }

    private ParameterException invalid(String option, Object value, String allowed) {
        return new ParameterException(
                commandSpec().commandLine(),
                "Invalid value for option '%s': '%s' is not %s".formatted(option, value, allowed));
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
