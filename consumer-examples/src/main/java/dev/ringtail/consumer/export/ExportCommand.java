package dev.ringtail.consumer.export;

import dev.ringtail.cli.FileNameConverter;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.consumer.Interruption;
import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.pcap.libpcap.LibPcapMissingException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Instant;
import java.util.concurrent.Callable;

/// `export`: writes packets of a time range into a capture file.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = {
            "Write captured packets as pcapng: capture order within a lane, time order between"
                    + " lanes and sensors, each packet once.",
            "What is missing is told in the file, by comments and interface statistics.",
            "",
            "Interrupted, it leaves FILE as it was, but for --follow, which ends so, and which"
                    + " keeps what it wrote also where it fails.",
            "",
            "Exit: 0 when every batch could be read, 1 failed, interrupted, or one could not, 2"
                    + " wrong usage.",
            ""
        })
public final class ExportCommand implements Callable<Integer> {
    private static final long MIN_STASH_BYTES = 64L << 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--from",
            paramLabel = "T",
            converter = TimeArgument.class,
            description =
                    "Earliest capture time: 2026-11-20T10:00:00Z (UTC where no zone is given),"
                            + " 2026-11-20, or a time ago: -15m, -1d12h.")
    private @Nullable Instant from;

    @Option(
            names = "--to",
            paramLabel = "T",
            converter = TimeArgument.class,
            description = "Capture time before which packets are wanted, as --from.")
    private @Nullable Instant to;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "FILTER",
            description = "Packets that match; in tcpdump's language, see pcap-filter(7).")
    private String filter = "";

    @Option(names = "--sensor", paramLabel = "S", description = "Packets of one sensor.")
    private @Nullable String sensor;

    @Option(names = "--interface", paramLabel = "IF", description = "Packets of one interface.")
    private @Nullable String interfaceName;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "End after so many packets, as they were captured.")
    private long maxPackets = Long.MAX_VALUE;

    @Option(
            names = "--follow",
            description = {
                "Go on with packets as they come, until interrupted, or 5 s after --to. From then"
                        + " on packets are in order among those that come within a second."
            })
    private boolean follow;

    @Option(
            names = "--resegment",
            paramLabel = "MTU",
            arity = "0..1",
            fallbackValue = "" + Resegmenter.DEFAULT_MTU,
            description = {
                "Cut TCP super-frames of segmentation and receive offload into segments of this"
                        + " MTU (${FALLBACK-VALUE} if none is given), and complete TCP and UDP"
                        + " checksums that were left to the device."
            })
    private @Nullable Integer mtu;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "pcapng (the default), or pcap: one link type, packets alone.")
    private CaptureFormat format = CaptureFormat.PCAPNG;

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            required = true,
            converter = FileNameConverter.class,
            description = "File to write, or - for standard output.")
    private String output = "";

    @Override
    public Integer call() {
        ExportQuery query = query();
        try (Interruption interruption = new Interruption()) {
            boolean whole =
                    new Exporter(
                                    kafka,
                                    query,
                                    format,
                                    checkedMtu(),
                                    stashBytes(),
                                    spec.commandLine().getErr(),
                                    interruption)
                            .run(output, follow);
            int exitCode = whole ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            interruption.setExitCode(exitCode);
            return exitCode;
        } catch (FilterException | LibPcapMissingException e) {
            throw new ParameterException(spec.commandLine(), "-f: " + e.getMessage(), e);
        }
    }

    private ExportQuery query() {
        long fromNs = from == null ? Long.MIN_VALUE : ExportQuery.nanoseconds(from);
        long toNs = to == null ? Long.MAX_VALUE : ExportQuery.nanoseconds(to);
        if (fromNs >= toNs) {
            throw new ParameterException(
                    spec.commandLine(), "--from " + from + " is not before --to " + to);
        }
        if (maxPackets < 1) {
            throw new ParameterException(
                    spec.commandLine(), "-c " + maxPackets + " is less than 1 packet");
        }
        return new ExportQuery(fromNs, toNs, sensor, interfaceName, filter, maxPackets);
    }

    private @Nullable Integer checkedMtu() {
        if (mtu != null && (mtu < Resegmenter.MIN_MTU || mtu > Resegmenter.MAX_MTU)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--resegment %d is no MTU; %d to %d bytes are allowed"
                            .formatted(mtu, Resegmenter.MIN_MTU, Resegmenter.MAX_MTU));
        }
        return mtu;
    }

    /// A quarter of the heap: the lanes' open batches should find room in half of it, about 256 KiB
    /// for each lane and partition; they wait in a file where they don't.
    private static long stashBytes() {
        return Math.max(MIN_STASH_BYTES, Runtime.getRuntime().maxMemory() / 4);
    }
}
