package dev.ringtail.sensor.transmit;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.sensor.Main;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SummaryFile;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/// `ringtail forward`: passes an interface's packets on until it is interrupted.
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Passes the packets that come in at an interface on, live and in order, until it is"
                    + " interrupted (Ctrl-C): out of another interface, or as VXLAN datagrams to a"
                    + " receiver. Then it prints what became of them.",
            "",
            "Exit: 0 when every packet is accounted for, 1 failed, 2 wrong usage, 77 without"
                    + " CAP_NET_RAW.",
            ""
        })
public final class ForwardCommand implements Callable<Integer> {
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(200);

    /// So much is looked at to recognise the tap's own datagrams, quoted in an ICMPv6 error.
    private static final int MIN_SNAP_LENGTH = 128;

    private static final int MAX_SNAP_LENGTH = 262_144;
    private static final int DEFAULT_VNI = 1;

    /// Waits for the request to end; true where it came.
    private final Predicate<Duration> stop;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            required = true,
            description = "Interface to capture.")
    private String interfaceName = "";

    @Option(
            names = "--to",
            paramLabel = "IF2|udp:HOST[:PORT]",
            required = true,
            description =
                    "Interface to send out of; or receiver of VXLAN datagrams (RFC 7348), port 4789"
                            + " where none is given, an IPv6 address in brackets.")
    private String to = "";

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "FILTER",
            description =
                    "Forward only what matches, in tcpdump's language, for instance 'tcp port"
                            + " 443'.")
    private String filter = "";

    @Option(
            names = {"-s", "--snap-length"},
            paramLabel = "N",
            defaultValue = "" + MAX_SNAP_LENGTH,
            description = "Most bytes forwarded of a packet (default: ${DEFAULT-VALUE}).")
    private int snapLength = MAX_SNAP_LENGTH;

    @Option(
            names = "--outgoing",
            description = "Forward packets too that this host sends out of the interface.")
    private boolean outgoing;

    @Option(
            names = "--vni",
            paramLabel = "N",
            description =
                    "VXLAN network identifier of the datagrams (default: " + DEFAULT_VNI + ").")
    private @Nullable Integer vni;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "Where to write the counts as JSON at the end.")
    private @Nullable Path summary;

    /// @param stopSignal ends the tap
    public ForwardCommand(StopSignal stopSignal) {
        this(stopSignal::await);
    }

    ForwardCommand(Predicate<Duration> stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws IOException {
        check();
        Destination destination = Destination.parse(to);
        if (vni != null && destination instanceof Destination.Interface) {
            throw new ParameterException(
                    commandSpec().commandLine(), "--vni goes with --to udp:HOST:PORT alone");
        }
        LibC libc = LibC.load();
        Forward.Plan plan =
                new Forward.Plan(
                        NetworkInterface.byName(libc, interfaceName),
                        destination,
                        filter,
                        snapLength,
                        outgoing,
                        Objects.requireNonNullElse(vni, DEFAULT_VNI));
        PrintWriter err = commandSpec().commandLine().getErr();
        try (Forward forward = Forward.open(libc, plan)) {
            forward.start();
            err.printf(
                    "forwarding %s to %s%s%n",
                    interfaceName,
                    destination,
                    outgoing ? "" : ", incoming packets alone; --outgoing adds the others");
            err.flush();
            @Nullable Throwable failure = watch(forward);
            ForwardReport report = forward.stop();
            failure = failure == null ? forward.failure() : failure;
            if (failure != null) {
                err.println("ringtail forward: " + Main.describe(failure));
                err.flush();
            }
            tell(report);
            return report.balanced() && failure == null ? 0 : 1;
        }
    }

    private void check() {
        if (interfaceName.equals(InterfaceConfig.ANY)) {
            throw new InvalidConfigException(
                    "-i",
                    "'any' is all interfaces at once, whose frames have no link header in common"
                            + " that they could be sent with; name one interface");
        }
        if (snapLength < MIN_SNAP_LENGTH || snapLength > MAX_SNAP_LENGTH) {
            throw invalid("-s", snapLength, MIN_SNAP_LENGTH, MAX_SNAP_LENGTH);
        }
        if (vni != null && (vni < 0 || vni > VxlanSink.MAX_VNI)) {
            throw invalid("--vni", vni, 0, VxlanSink.MAX_VNI);
        }
        SummaryFile.check(summary);
    }

    private @Nullable Throwable watch(Forward forward) {
        while (!stop.test(WATCH_INTERVAL)) {
            @Nullable Throwable failure = forward.check();
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private void tell(ForwardReport report) throws IOException {
        PrintWriter out = commandSpec().commandLine().getOut();
        out.print(report.text());
        out.flush();
        if (summary != null) {
            Files.writeString(summary, report.json() + System.lineSeparator());
        }
    }

    private ParameterException invalid(String option, int value, int least, int most) {
        return new ParameterException(
                commandSpec().commandLine(),
                "Invalid value for option '%s': %d is not between %d and %d"
                        .formatted(option, value, least, most));
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
