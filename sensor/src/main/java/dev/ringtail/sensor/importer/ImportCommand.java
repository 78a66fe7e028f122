package dev.ringtail.sensor.importer;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.KafkaOptions;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.config.SummaryFile;
import dev.ringtail.sensor.ledger.LedgerTable;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.SessionFormat;
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
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Publishes capture files (pcap, pcapng, also in gzip or zstd) into Kafka, packet for"
                    + " packet and in order.",
            "What a file holds and the topic holds already is not published again, wherever it was"
                    + " imported. What is wrong with a file does not stop the others.",
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
        checkSensor();
        checkFiles();
        SummaryFile.check(summary, files);
        KafkaSettings settings = new KafkaSettings(kafka.propertiesWithBroker());
        List<FileResult> results = new ArrayList<>();
        try {
            importInto(settings, results);
        } finally {
            tell(results);
        }
        boolean all = results.size() == files.size();
        return all && results.stream().allMatch(FileResult::isFine) ? 0 : 1;
    }

    /// Imports one file after the other; what is wrong with one does not stop the others. Kafka is
    /// asked for nothing before there is a file that can be read.
    private void importInto(KafkaSettings settings, List<FileResult> results) {
        PrintWriter err = commandSpec().commandLine().getErr();
        @Nullable FileImport importer = null;
        try {
            for (Path file : files) {
                ImportProgress progress = new ImportProgress(err, label(file, results.size() + 1));
                FileResult result;
                try {
                    @Nullable FileSurvey survey = FileSurvey.of(file, progress, stopRequested);
                    if (survey == null || stopRequested.getAsBoolean()) {
                        break;
                    }
                    if (importer == null) {
                        importer = connect(settings);
                    }
                    result = importer.run(file, survey, progress);
                } catch (UnreadableFileException e) {
                    result = FileResult.failed(file, null, String.valueOf(e.getMessage()));
                }
                results.add(result);
                err.println(result.describe());
                err.flush();
            }
        } finally {
            if (importer != null) {
                importer.close();
            }
        }
        if (results.size() < files.size()) {
            err.printf("stopped before file %d of %d%n", results.size() + 1, files.size());
        }
    }

    private String label(Path file, int number) {
        String name = FileSurvey.fileName(file);
        return files.size() == 1 ? name : "[%d of %d] %s".formatted(number, files.size(), name);
    }

    private FileImport connect(KafkaSettings settings) {
        String prefix = Objects.requireNonNullElse(kafka.topicPrefix(), Topics.DEFAULT_PREFIX);
        Topics topics = Topics.withPrefix(prefix);
        TopicFacts facts = TopicSetup.prepare(settings, topics, TopicSettings.defaults());
        PrintWriter err = commandSpec().commandLine().getErr();
        facts.differences().forEach(d -> err.println("warning: " + d));
        return new FileImport(
                settings,
                topics,
                facts,
                SessionFormat.of(settings, topics),
                sensorId,
                stopRequested);
    }

    private void checkFiles() {
        if (files.stream().anyMatch(f -> f.toString().equals("-"))) {
            throw new ParameterException(
                    commandSpec().commandLine(),
                    "Standard input (-) can't be imported: a file is read twice, first to see what"
                            + " is in it; write it to a file");
        }
    }

    private void checkSensor() {
        if (!SENSOR.matcher(sensorId).matches()) {
            throw new ParameterException(
                    commandSpec().commandLine(),
                    "Invalid value for option '--sensor': '%s' is not 1 to 128 characters, none of them / or a control character"
                            .formatted(CONTROL.matcher(sensorId).replaceAll("?")));
        }
    }

    private void tell(List<FileResult> results) throws IOException {
        ImportSummary all = new ImportSummary(sensorId, results);
        @Nullable SensorReport published = all.together();
        if (published != null) {
            PrintWriter out = commandSpec().commandLine().getOut();
            out.print(LedgerTable.of(published));
            out.flush();
        }
        if (summary != null) {
            all.write(files.size() == 1, summary);
        }
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
