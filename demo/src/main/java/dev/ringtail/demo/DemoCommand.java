package dev.ringtail.demo;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.config.SummaryFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/// `demo`: all of Ringtail in one process, with traffic to capture.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Show all of Ringtail on this machine: an embedded Kafka, traffic over the loopback"
                    + " interface, a sensor that captures it, and the flow analysis of what was"
                    + " captured.",
            "Ends after --duration or by Ctrl-C, prints the ledger, and writes all packets into a"
                    + " pcapng file.",
            "",
            "Exit: 0 when every packet is accounted for and in the file, 1 failed, 2 wrong usage,"
                    + " 77 without CAP_NET_RAW.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private static final String DEFAULT_FILE = "ringtail-demo.pcapng";

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private final StopSignal stopSignal;

    @Option(
            names = "--duration",
            paramLabel = "S",
            description = "Seconds after which it ends by itself (default: not before Ctrl-C).")
    private @Nullable Integer durationSeconds;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            defaultValue = Demo.LOOPBACK,
            description =
                    "Interface to capture (default: ${DEFAULT-VALUE}). The demo makes traffic on lo"
                            + " alone.")
    private String interfaceName = Demo.LOOPBACK;

    @Option(
            names = "--pcapng",
            paramLabel = "FILE",
            defaultValue = DEFAULT_FILE,
            description = "File for the captured packets (default: ${DEFAULT-VALUE}).")
    private Path pcapng = Path.of(DEFAULT_FILE);

    @Option(names = "--summary", paramLabel = "FILE", description = "File for the ledger as JSON.")
    private @Nullable Path summary;

    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "TCP port of the embedded Kafka, 0 for any free one (default: "
                            + Ports.KAFKA
                            + ", or any free one where that is taken).")
    private @Nullable Integer port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for Kafka's data, which stays and can be read by way of `ringtail kafka"
                            + " --data DIR` (default: a temporary one, removed at the end).")
    private @Nullable Path data;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "2",
            description = "Rings and threads of the sensor (default: ${DEFAULT-VALUE}).")
    private int lanes = 2;

    @Option(
            names = "--outgoing",
            description =
                    "Keep outgoing packets too. On lo each packet is then there twice: going out"
                            + " and coming in.")
    private boolean outgoing;

    /// @param stopSignal ends the demo
    DemoCommand(StopSignal stopSignal) {
        this.stopSignal = stopSignal;
    }

    @Override
    public Integer call() throws Exception {
        DemoOptions options =
                new DemoOptions(
                        duration(),
                        interfaceName,
                        checkedOutput(),
                        port == null ? null : (Integer) Ports.checked(spec, port),
                        data,
                        lanes(),
                        summary,
                        outgoing);
        SummaryFile.check(summary, List.of(pcapng));
        Console console = new Console(spec.commandLine().getOut(), spec.commandLine().getErr());
        return new Demo(options, console, stopSignal).run() ? 0 : 1;
    }

    private @Nullable Duration duration() {
        if (durationSeconds == null) {
            return null;
        }
        if (durationSeconds < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--duration " + durationSeconds + " is not at least 1 second");
        }
        return Duration.ofSeconds(durationSeconds);
    }

    private int lanes() {
        if (lanes < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--lanes " + lanes + " is not at least 1");
        }
        return lanes;
    }

    /// Finds out now, and not after the capture, that the capture file can't be written.
    private Path checkedOutput() {
        Path folder = pcapng.toAbsolutePath().getParent();
        boolean writable =
                Files.exists(pcapng)
                        ? Files.isRegularFile(pcapng) && Files.isWritable(pcapng)
                        : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--pcapng " + pcapng + " can't be written; name a file in a folder that can");
        }
        return pcapng;
    }
}
