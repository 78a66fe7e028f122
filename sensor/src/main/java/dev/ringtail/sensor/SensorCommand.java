package dev.ringtail.sensor;

import dev.ringtail.cli.FileNameConverter;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.management.ManagementAddress;
import dev.ringtail.management.ManagementServer;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.capture.CaptureStatus;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.ManagementConfig;
import dev.ringtail.sensor.config.RecordConfig;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.config.SummaryFile;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.ledger.LedgerSummary;
import dev.ringtail.sensor.ledger.LedgerTable;
import dev.ringtail.sensor.linux.Capabilities;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.management.ManagedSensor;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// `ringtail sensor`: captures until it is interrupted, then prints the ledger.
@Command(
        name = "sensor",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Captures packets of network interfaces into Kafka, or with -w into a file, until it is"
                    + " interrupted (Ctrl-C), then prints the ledger: what the kernel saw, and what"
                    + " became of it.",
            "",
            "Exit: 0 when every packet is accounted for, 1 failed, 2 wrong usage or configuration,"
                    + " 77 without CAP_NET_RAW.",
            ""
        })
public final class SensorCommand implements Callable<Integer> {
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(200);

    private final StopSignal stopSignal;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            description = {
                "What to capture on: a name; any for all interfaces at once; or a pattern such as"
                        + " 'eth*' for whatever has such a name, now or later. May be given several"
                        + " times."
            })
    private List<String> interfaces = List.of();

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "FILTER",
            description =
                    "Capture filter in tcpdump's language, for instance 'tcp port 443', or bytecode"
                            + " as tcpdump -ddd prints it.")
    private @Nullable String filter;

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            converter = FileNameConverter.class,
            description =
                    "Write a pcapng file, without any Kafka; - is standard output, and the ledger"
                            + " goes to standard error then.")
    private @Nullable String recordFile;

    @Option(
            names = "--rotate-size",
            paramLabel = "SIZE",
            description = "With -w: begin another file when one is so large, for instance 100MiB.")
    private @Nullable String rotateSize;

    @Option(
            names = "--rotate-every",
            paramLabel = "TIME",
            description = "With -w: begin another file when one is so old, for instance 10m.")
    private @Nullable String rotateEvery;

    @Option(
            names = "--keep-files",
            paramLabel = "N",
            description = "With rotation: keep the last N files.")
    private @Nullable Integer keepFiles;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            description =
                    "Rings and threads of each interface (default: one for each of its receive"
                            + " queues, but no more than cores less two, or 8).")
    private @Nullable Integer lanes;

    @Option(
            names = {"-s", "--snap-length"},
            paramLabel = "N",
            description = "Most bytes kept of a packet (default: 262144).")
    private @Nullable Integer snapLength;

    @Option(
            names = "--immediate",
            description =
                    "Hand each packet over at once (TPACKET_V2): the lowest delay, the highest"
                            + " cost.")
    private boolean immediate;

    @Option(
            names = "--cooked",
            description =
                    "Read packets without their link header (SOCK_DGRAM), as LINUX_SLL2; -i any is"
                            + " read so in any case.")
    private boolean cooked;

    @Option(
            names = "--fanout",
            paramLabel = "MODE",
            description =
                    "How packets are spread over lanes: hash, lb, cpu, rollover, rnd, qm, cbpf,"
                            + " ebpf (default: hash).")
    private @Nullable String fanout;

    @Option(
            names = "--timestamps",
            paramLabel = "SOURCE",
            description = "Who stamps packets: ring, receive, hardware (default: receive).")
    private @Nullable String timestamps;

    @Option(
            names = "--headers",
            description = "Cut packets behind their transport header; keep the original length.")
    private boolean headers;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Keep one of N flows, wholly, and leave the others out, wholly.")
    private @Nullable Integer sampling;

    @Option(
            names = "--cpus",
            paramLabel = "LIST",
            description = "Processors to pin the lanes to, such as 2-5,8.")
    private @Nullable String cpus;

    @Option(
            names = "--netns",
            paramLabel = "NAME|PATH",
            description =
                    "Network namespace to capture in: a name of `ip netns`, or a path such as"
                            + " /proc/PID/ns/net. Needs CAP_SYS_ADMIN.")
    private @Nullable String netns;

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            description = "Who captures (default: the host's name).")
    private @Nullable String sensorId;

    @Option(
            names = "--outgoing",
            description = "Keep outgoing packets on loopback too, where each comes in as well.")
    private boolean outgoing;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML configuration; options given here go before it.")
    private @Nullable Path config;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "Where to write the ledger as JSON at the end.")
    private @Nullable Path summary;

    @Option(
            names = "--management",
            paramLabel = "HOST:PORT",
            description =
                    "Answer /livez, /readyz and /metrics over HTTP there; 127.0.0.1:9464 is usual.")
    private @Nullable String management;

    @Option(names = "--check", description = "Check the configuration and end.")
    private boolean check;

    /// @param stopSignal ends the capture
    public SensorCommand(StopSignal stopSignal) {
        this.stopSignal = stopSignal;
    }

    @Override
    public Integer call() throws IOException {
        SensorConfig settings = load();
        PrintWriter err = commandSpec().commandLine().getErr();
        RecordConfig record = settings.record();
        SummaryFile.check(summary, record.isWanted() ? List.of(Path.of(record.file())) : List.of());
        if (check) {
            err.println("The configuration is valid.");
            return 0;
        }
        try (@Nullable ManagementServer endpoint = openManagement(settings, err)) {
            return capture(settings, endpoint, err);
        }
    }

    /// Before anything else, so that it tells of what the start waits for. Without capabilities, as
    /// all that talks to a network.
    private static @Nullable ManagementServer openManagement(
            SensorConfig settings, PrintWriter err) {
        ManagementConfig management = settings.management();
        if (management == null) {
            return null;
        }
        ManagementServer endpoint =
                Capabilities.supplyWithout(
                        LibC.load(),
                        () ->
                                ManagementServer.start(
                                        management.toAddress(), SoftwareVersion.get()));
        err.println("management at http://" + endpoint.address());
        return endpoint;
    }

    private int capture(SensorConfig settings, @Nullable ManagementServer endpoint, PrintWriter err)
            throws IOException {
        OwnTrafficMatcher ownTraffic =
                settings.record().isWanted()
                        ? OwnTrafficMatcher.NONE
                        : KafkaTraffic.matcher(settings.netns());
        SensorReport last;
        Consumer<String> progress = endpoint == null ? step -> {} : endpoint::notReady;
        try (Sensor sensor = Sensor.open(settings, ownTraffic, stopSignal::await, progress)) {
            settings.ring().warning().ifPresent(w -> err.println("warning: " + w));
            sensor.destination().warnings().forEach(d -> err.println("warning: " + d));
            sensor.start();
            if (endpoint != null) {
                endpoint.watch(new ManagedSensor(sensor::state));
            }
            announce(sensor, settings, err);
            DeliveryWatch delivery = new DeliveryWatch(System::nanoTime);
            Throwable failure = watch(sensor, settings, delivery);
            if (endpoint != null) {
                endpoint.notReady("stopping");
            }
            delivery.stopping(sensor.delivery(), sensor.stopTimes().delivery(), err);
            last = sensor.stop();
            if (failure == null) {
                failure = sensor.failure();
            }
            if (failure != null) {
                err.println("ringtail sensor: " + Main.describe(failure));
            }
            return report(last, settings) && failure == null ? 0 : 1;
        }
    }

    private SensorConfig load() {
        ConfigLoader loader = new ConfigLoader(System.getenv());
        if (config != null) {
            loader.file(config);
        }
        if (!interfaces.isEmpty()) {
            loader.set("interfaces", interfaces);
        }
        setIfGiven(loader, "filter", filter);
        setIfGiven(loader, "lanes", lanes);
        setIfGiven(loader, "snapLength", snapLength);
        setIfGiven(loader, "sensorId", sensorId);
        setIfGiven(loader, "topicPrefix", kafka.topicPrefix());
        setIfGiven(loader, "sampling", sampling);
        setIfGiven(loader, "cpus", cpus);
        setIfGiven(loader, "netns", netns);
        setIfGiven(loader, "fanout.mode", fanout);
        setIfGiven(loader, "timestamps", timestamps);
        setIfOn(loader, "headers", headers);
        setIfOn(loader, "immediate", immediate);
        setIfOn(loader, "cooked", cooked);
        setIfGiven(loader, "record.file", recordFile);
        setIfGiven(loader, "record.rotateSize", rotateSize);
        setIfGiven(loader, "record.rotateEvery", rotateEvery);
        setIfGiven(loader, "record.keepFiles", keepFiles);
        if (management != null) {
            setManagement(loader, management);
        }
        if (outgoing) {
            loader.set("outgoing", "true");
        }
        kafka.properties().forEach(loader::kafka);
        SensorConfig settings = loader.load();
        if (settings.interfaces().isEmpty()) {
            throw new InvalidConfigException(
                    "interfaces",
                    "none given; use -i, and see `ringtail interfaces` for what there is");
        }
        boolean broker = settings.kafka().containsKey(KafkaOptions.BROKERS);
        if (broker && settings.record().isWanted()) {
            throw new InvalidConfigException(
                    "record.file",
                    "packets go into a file or into Kafka, not both; leave out -w or the broker");
        }
        if (!broker && !settings.record().isWanted()) {
            throw KafkaOptions.noBroker("kafka." + KafkaOptions.BROKERS);
        }
        KafkaOptions.checkBrokers("kafka." + KafkaOptions.BROKERS, settings.kafka());
        return settings;
    }

    private static void setManagement(ConfigLoader loader, String given) {
        try {
            ManagementAddress address = ManagementAddress.parse(given);
            loader.set("management.address", address.host());
            loader.set("management.port", address.port());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("--management", String.valueOf(e.getMessage()));
        }
    }

    private static void setIfOn(ConfigLoader loader, String key, boolean on) {
        if (on) {
            loader.set(key, true);
        }
    }

    private static void setIfGiven(ConfigLoader loader, String key, @Nullable Object value) {
        if (value != null) {
            loader.set(key, value);
        }
    }

    private static void announce(Sensor sensor, SensorConfig settings, PrintWriter err) {
        List<CaptureStatus> captured = sensor.captured();
        if (captured.isEmpty()) {
            err.printf(
                    "no interface matches %s yet; capturing begins when one comes%n",
                    settings.interfaces().stream()
                            .map(InterfaceConfig::name)
                            .collect(Collectors.joining(", ")));
        }
        for (CaptureStatus capture : captured) {
            err.printf(
                    "capturing on %s, link type %s, %d %s, snapshot length %d bytes%n",
                    capture.interfaceName(),
                    LinkType.name(capture.linkType()),
                    capture.laneCount(),
                    capture.laneCount() == 1 ? "lane" : "lanes",
                    capture.snapLength());
            if (!capture.keepOutgoing()) {
                err.printf(
                        "  outgoing packets are left out on %s, where each comes in as well;"
                                + " --outgoing keeps them%n",
                        capture.interfaceName());
            }
        }
        err.printf(
                "to %s, as sensor %s, session %s%n",
                sensor.destination().description(),
                settings.sensorId(),
                sensor.session().sessionId());
        err.flush();
    }

    /// Waits for the end, and follows delivery, drops and the configuration file meanwhile.
    private @Nullable Throwable watch(
            Sensor sensor, SensorConfig settings, DeliveryWatch delivery) {
        LiveConfig live = config == null ? null : new LiveConfig(config, settings, this::load);
        DropWatch drops = new DropWatch(System::nanoTime);
        long nextLookNs = System.nanoTime();
        while (!stopSignal.await(WATCH_INTERVAL)) {
            Throwable failure = sensor.failure();
            if (failure != null) {
                return failure;
            }
            if (sensor.namespaceEnded()) {
                err().println("the network namespace has ended, and with it the capture");
                return null;
            }
            delivery.look(sensor.delivery(), err());
            drops.look(sensor.kernelDrops(), err());
            if (live != null && System.nanoTime() - nextLookNs >= 0) {
                live.follow(sensor, err());
                nextLookNs = System.nanoTime() + LiveConfig.LOOK_INTERVAL.toNanos();
            }
        }
        return null;
    }

    private PrintWriter err() {
        return commandSpec().commandLine().getErr();
    }

    private boolean report(SensorReport last, SensorConfig settings) throws IOException {
        CommandLine command = commandSpec().commandLine();
        PrintWriter out =
                settings.record().toStandardOutput() ? command.getErr() : command.getOut();
        out.print(LedgerTable.of(last));
        out.flush();
        if (summary != null) {
            LedgerSummary.write(last, summary);
        }
        return Balance.check(last).isEmpty();
    }

    private CommandSpec commandSpec() {
        return java.util.Objects.requireNonNull(spec, "set by picocli");
    }
}
