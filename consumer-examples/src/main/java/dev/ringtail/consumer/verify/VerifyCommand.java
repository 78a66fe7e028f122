package dev.ringtail.consumer.verify;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.ReportTopic;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.WriterSchemas;
import dev.ringtail.schema.SensorReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// `verify`: audits the packets topic against the ledgers.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = {
            "Audit the packets in Kafka against the sensors' ledgers.",
            "",
            "Exit: 0 when every packet is accounted for, 1 failed or one is not, 2 wrong usage.",
            ""
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final String ROW = "%-48s %12s %12s %10s %10s %12s %10s  %s%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        WriterSchemas schemas = new WriterSchemas(kafka);
        List<String> problems = new ArrayList<>();
        // Before the packets: what a report says was acknowledged must be in the topic by now.
        Collection<SensorReport> reports = ReportTopic.newest(kafka, schemas, problems::add);
        TopicAudit audit = new TopicAudit(schemas);
        Set<Integer> expired;
        try (TopicReader reader = TopicReader.open(kafka, kafka.topics().packets())) {
            List<OffsetRange> everything = reader.everything();
            reader.read(everything, audit::add, () -> false);
            expired =
                    reader.everything().stream()
                            .filter(range -> range.first() > 0)
                            .map(OffsetRange::partition)
                            .collect(Collectors.toSet());
        }
        List<SessionVerdict> verdicts = new ArrayList<>();
        for (SensorReport report : reports) {
            verdicts.add(new SessionAudit(report, audit.streams(), expired::contains).verdict());
        }
        verdicts.addAll(UnreportedSessions.verdicts(audit.streams(), reports));
        problems.addAll(audit.unreadable());
        verdicts.forEach(v -> v.problems().forEach(p -> problems.add(v.session() + ": " + p)));
        print(spec.commandLine().getOut(), verdicts);
        problems.forEach(err::println);
        err.flush();
        return problems.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void print(PrintWriter out, List<SessionVerdict> verdicts) {
        out.printf(
                ROW,
                "session",
                "present",
                "expired",
                "duplicates",
                "missing",
                "acknowledged",
                "unknown",
                "verdict");
        for (SessionVerdict verdict : verdicts) {
            out.printf(
                    ROW,
                    verdict.session(),
                    verdict.present(),
                    verdict.expired(),
                    verdict.duplicates(),
                    verdict.missing(),
                    verdict.acknowledged(),
                    verdict.unknown(),
                    verdict.verdict());
        }
        out.flush();
    }
}
