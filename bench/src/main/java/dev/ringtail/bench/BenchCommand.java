package dev.ringtail.bench;

import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.report.Report;
import dev.ringtail.bench.report.RowReport;
import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Progress;
import dev.ringtail.bench.rig.Repetitions;
import dev.ringtail.bench.rig.Sandbox;
import dev.ringtail.bench.row.Bench;
import dev.ringtail.bench.row.CaptureScalingRow;
import dev.ringtail.bench.row.FrameSizesRow;
import dev.ringtail.bench.row.FullFramesRow;
import dev.ringtail.bench.row.LossFreeRow;
import dev.ringtail.bench.row.MemoryRow;
import dev.ringtail.bench.row.PacedRateRow;
import dev.ringtail.bench.row.PerMessageRow;
import dev.ringtail.bench.row.RingToBatchRow;
import dev.ringtail.bench.row.RingToKafkaRow;
import dev.ringtail.bench.row.Row;
import dev.ringtail.bench.row.SensorsRow;
import dev.ringtail.bench.row.StartRow;
import dev.ringtail.bench.row.TopicLengthRow;
import dev.ringtail.bench.row.TopicToFileRow;
import dev.ringtail.bench.row.TopicToFlowsRow;
import dev.ringtail.cli.SoftwareVersion;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `ringtail bench`: the number table, measured on this machine.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Measures Ringtail beside every peer that this machine has, in turn, in a network of"
                + " its own, and prints medians with ranges, ratios, and what limited each rate."
                + " Takes about 27 minutes, all processors, and root.",
            "",
            "Exit: 0 when every row was measured, 1 when one failed, 2 wrong usage, 77 where"
                    + " namespaces can't be made or frames can't be injected.",
            ""
        })
final class BenchCommand implements Callable<Integer> {
    private static final int MISSING = 77;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(
            names = "--quick",
            description = "One repetition of a second each: does everything run?")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description =
                    "This row alone (see --list), or micro for the JMH benchmarks, or a benchmark's"
                            + " name. May be given several times.")
    private List<String> only = List.of();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is measured (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "How long a trial of the row ring-kafka takes; its bar is for 60 (default:"
                            + " ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--bytes",
            paramLabel = "N|mix",
            description =
                    "Frames of the rows loss-free and tx-ring: 60, 128, 590, 1514 or mix (default:"
                            + " 60 and mix).")
    private @Nullable String bytes;

    @Option(
            names = "--flows",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "Flows of the rows loss-free, frame-sizes and tx-ring (default:"
                            + " ${DEFAULT-VALUE}).")
    private int flows;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Where to write bench.txt, bench.json and bench.svg, after each row (default:"
                            + " bench/target of the checkout).")
    private @Nullable Path output;

    @Option(names = "--list", description = "List the rows and end.")
    private boolean list;

    private final Runnable ended;

    /// @param ended called when everything that was started has ended
    BenchCommand(Runnable ended) {
        this.ended = ended;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        try {
            return run();
        } finally {
            ended.run();
        }
    }

    private int run() throws InterruptedException, IOException {
        List<Row> rows = rows();
        if (list) {
            rows.forEach(row -> out().printf("%-16s %s%n", row.name(), row.title()));
            return 0;
        }
        checkRanges();
        List<String> names = rows.stream().map(Row::name).toList();
        if (!only.isEmpty() && names.stream().noneMatch(only::contains)) {
            return MicroBenchmarks.run(spec, only, names, quick);
        }
        for (String name : only) {
            if (!names.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--only " + name + ": the rows are " + String.join(", ", names));
            }
        }
        Home home = Home.find();
        Optional<String> missing = Sandbox.isEntered() ? Injector.missing(home) : Sandbox.missing();
        if (missing.isPresent()) {
            err().println("ringtail bench: " + missing.get());
            return MISSING;
        }
        Path folder = outputFolder(home);
        if (!Sandbox.isEntered()) {
            return Sandbox.enter(
                    Main.class, spec.commandLine().getParent().getParseResult().originalArgs());
        }
        return measure(
                home,
                folder,
                rows.stream().filter(r -> only.isEmpty() || only.contains(r.name())).toList());
    }

    private List<Row> rows() {
        return List.of(
                new RingToBatchRow(),
                new RingToKafkaRow(seconds),
                new FullFramesRow(),
                new PerMessageRow(),
                new StartRow(),
                new MemoryRow(),
                new TopicToFileRow(),
                new TopicToFlowsRow(),
                new LossFreeRow(LoadSpec.unpaced(frameSize(FrameSize.SMALL), flows)),
                new FrameSizesRow(flows),
                CaptureScalingRow.flows(),
                CaptureScalingRow.partitions(),
                CaptureScalingRow.topicPartitions(),
                CaptureScalingRow.lanes(),
                new SensorsRow(),
                new TopicLengthRow(),
                new PacedRateRow(frameSize(FrameSize.MIX), flows));
    }

    private FrameSize frameSize(FrameSize usual) {
        try {
            return bytes == null ? usual : FrameSize.of(bytes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--bytes: " + e.getMessage(), e);
        }
    }

    private void checkRanges() {
        check("--repetitions", repetitions, 100);
        check("--seconds", seconds, 3600);
        check("--flows", flows, 1_000_000);
    }

    private void check(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(
                    spec.commandLine(), "%s %d: allowed are 1 to %d".formatted(option, value, max));
        }
    }

    /// Where the report goes, made and looked at before anything is measured for it.
    private Path outputFolder(Home home) {
        Path folder = output != null ? output : home.target();
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw unwritable(folder, "it is no folder");
        } catch (IOException e) {
            throw unwritable(folder, "it cannot be made: " + e.getMessage());
        }
        if (!Files.isWritable(folder)) {
            throw unwritable(folder, "permission denied, or a read-only file system");
        }
        return folder;
    }

    private ParameterException unwritable(Path folder, String reason) {
        return new ParameterException(
                spec.commandLine(),
                "cannot write the report to %s (--output): %s".formatted(folder, reason));
    }

    private int measure(Home home, Path folder, List<Row> rows)
            throws InterruptedException, IOException {
        Progress progress = new Progress(err());
        Path workFolder = Files.createTempDirectory(Files.createDirectories(home.target()), "run");
        int count = quick ? 1 : repetitions;
        List<RowReport> reports = new ArrayList<>();
        try (WorkFolder work = new WorkFolder(workFolder);
                Bench bench =
                        new Bench(
                                home,
                                new Repetitions(count, progress),
                                quick,
                                work.path(),
                                progress)) {
            CaptureLink.open(work.path());
            for (Row row : rows) {
                reports.add(measure(row, bench));
                // A run that is ended early leaves what it has measured.
                new Report(reports, rows.size(), count, home).write(folder);
            }
        }
        Report report = new Report(reports, rows.size(), count, home);
        out().print(report.table());
        out().flush();
        report.write(folder).forEach(file -> progress.say("wrote " + file));
        return report.isComplete() ? 0 : 1;
    }

    private static RowReport measure(Row row, Bench bench) throws InterruptedException {
        bench.progress().say(row.name() + ": " + row.title());
        try {
            return new RowReport(row.name(), row.title(), row.measure(bench), null);
        } catch (BenchException e) {
            bench.progress().say(row.name() + ": " + e.getMessage());
            return new RowReport(row.name(), row.title(), null, e.getMessage());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
