package dev.ringtail.sensor.importer;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.KafkaOptions;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.ledger.LedgerSummary;
import dev.ringtail.sensor.ledger.LedgerTable;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.TopicFacts;
import dev.ringtail.sensor.publish.TopicSettings;
import dev.ringtail.sensor.publish.TopicSetup;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// `ringtail import`: publishes capture files as a sensor would have.
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Publishes capture files (pcap, pcapng) into Kafka, packet for packet and in order.",
            "A file that is in the topic already is not published again, wherever it was imported.",
            "",
            "Exit: 0 when every packet is in Kafka, 1 failed or a part of a file is unreadable,"
                    + " 2 wrong usage or configuration.",
            ""
        })
public final class ImportCommand implements Callable<Integer> {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /// A slash parts sensor and session in the key of a report.
    private static final Pattern SENSOR = Pattern.compile("[^/\\p{Cntrl}]{1,128}");

    private final BooleanSupplier stopRequested;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Capture file to publish.")
    private List<Path> files = List.of();

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            defaultValue = "import",
            description = "Who is said to have captured (default: ${DEFAULT-VALUE}).")
    private String sensorId = "import";

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "Where to write the ledger as JSON at the end.")
    private @Nullable Path summary;

    /// @param stopSignal ends the import early
    public ImportCommand(StopSignal stopSignal) {
        this(() -> stopSignal.await(Duration.ZERO));
    }

    ImportCommand(BooleanSupplier stopRequested) {
        this.stopRequested = stopRequested;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter err = commandSpec().commandLine().getErr();
        checkSensor();
        KafkaSettings settings = new KafkaSettings(kafka.propertiesWithBroker());
        // Before Kafka is asked for anything: all files can be read.
        List<FileSurvey> surveys = files.stream().map(FileSurvey::of).toList();
        String prefix = Objects.requireNonNullElse(kafka.topicPrefix(), Topics.DEFAULT_PREFIX);
        Topics topics = Topics.withPrefix(prefix);
        TopicFacts facts = TopicSetup.prepare(settings, topics, TopicSettings.defaults());
        facts.differences().forEach(d -> err.println("warning: " + d));
        FileImport importer = new FileImport(settings, topics, facts, sensorId, err, stopRequested);
        List<SensorReport> reports = new ArrayList<>();
        boolean fine = true;
        for (int i = 0; i < files.size() && !stopRequested.getAsBoolean(); i++) {
            FileSurvey survey = surveys.get(i);
            @Nullable SensorReport report = importer.run(files.get(i), survey);
            if (report != null) {
                reports.add(report);
                fine &= isComplete(report);
            }
            if (survey.fault() != null) {
                err.printf(
                        "%s%n  the %,d packets before that place are imported%n",
                        survey.fault(), survey.packetCount());
                fine = false;
            }
        }
        tell(reports);
        return fine && !stopRequested.getAsBoolean() ? 0 : 1;
    }

    private void checkSensor() {
        if (!SENSOR.matcher(sensorId).matches()) {
            throw new ParameterException(
                    commandSpec().commandLine(),
                    "Invalid value for option '--sensor': '%s' is not 1 to 128 characters, none of them / or a control character"
                            .formatted(CONTROL.matcher(sensorId).replaceAll("?")));
        }
    }

    private static boolean isComplete(SensorReport report) {
        return report.getFinal$()
                && Balance.check(report).isEmpty()
                && report.getLanes().stream()
                        .allMatch(
                                l ->
                                        l.getAcknowledged().getPackets()
                                                == l.getReceived().getPackets());
    }

    private void tell(List<SensorReport> reports) throws IOException {
        if (reports.isEmpty()) {
            return;
        }
        SensorReport all = together(reports);
        PrintWriter out = commandSpec().commandLine().getOut();
        out.print(LedgerTable.of(all));
        out.flush();
        if (summary != null) {
            LedgerSummary.write(all, summary);
        }
    }

    /// One ledger of several files, for people: their lanes are numbered in the order of the files.
    private static SensorReport together(List<SensorReport> reports) {
        if (reports.size() == 1) {
            return reports.getFirst();
        }
        SensorReport all = SensorReport.newBuilder(reports.getLast()).build();
        List<LaneLedger> lanes = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        for (SensorReport report : reports) {
            for (LaneLedger lane : report.getLanes()) {
                lanes.add(LaneLedger.newBuilder(lane).setLane(lanes.size()).build());
            }
            sessions.add(report.getSessionId());
        }
        all.setStartTimeNs(reports.getFirst().getStartTimeNs());
        all.setSessionId(String.join(",", sessions));
        all.setLanes(lanes);
        return all;
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
