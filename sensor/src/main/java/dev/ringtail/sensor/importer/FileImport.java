package dev.ringtail.sensor.importer;

import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.CaptureFormatException;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.config.HostName;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.Publisher;
import dev.ringtail.sensor.publish.ReportPublisher;
import dev.ringtail.sensor.publish.TopicFacts;
import dev.ringtail.sensor.publish.TopicSettings;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Publishes capture files, each as a session of its own.
final class FileImport implements AutoCloseable {
    /// Above the producer's delivery timeout: by then every batch has its outcome.
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(3);

    /// How soon a request to stop is noticed meanwhile.
    private static final Duration DRAIN_SLICE = Duration.ofMillis(200);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(10);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final KafkaSettings kafka;
    private final Topics topics;
    private final TopicFacts facts;
    private final WireFormat wireFormat;
    private final String sensorId;
    private final BooleanSupplier stopRequested;
    private final PriorImport prior;

    /// @param wireFormat how batches and reports name their schema
    /// @param stopRequested asked again and again; once true it ends the import early
    FileImport(
            KafkaSettings kafka,
            Topics topics,
            TopicFacts facts,
            WireFormat wireFormat,
            String sensorId,
            BooleanSupplier stopRequested) {
        this.kafka = kafka;
        this.topics = topics;
        this.facts = facts;
        this.wireFormat = wireFormat;
        this.sensorId = sensorId;
        this.stopRequested = stopRequested;
        this.prior = new PriorImport(kafka, topics);
    }

    @Override
    public void close() {
        prior.close();
    }

    /// Publishes what the topic does not hold yet.
    ///
    /// @throws ImportException if Kafka can't be used, for no other file either
    FileResult run(Path file, FileSurvey survey, ImportProgress progress) {
        if (survey.packetCount() == 0) {
            return FileResult.empty(file, survey);
        }
        String obstacles = obstacles(survey);
        if (!obstacles.isEmpty()) {
            return FileResult.failed(file, survey, file + " is not imported:" + obstacles);
        }
        @Nullable SensorReport earlier;
        try {
            earlier = prior.lastReport(survey.sessionId());
            if (earlier != null && prior.isComplete(earlier, survey.packetCount())) {
                return FileResult.alreadyImported(file, survey, earlier);
            }
        } catch (KafkaException e) {
            throw new ImportException(
                    "Can't look for an earlier import of %s in %s: %s"
                            .formatted(
                                    file,
                                    topics.reports(),
                                    KafkaFaults.describe(
                                            e,
                                            "READ on topics %s and %s"
                                                    .formatted(
                                                            topics.reports(), topics.packets()))),
                    e);
        }
        Ledger ledger = new Ledger(session(survey, partitionCount(earlier)), Clock.systemUTC());
        String fileName = FileSurvey.fileName(file);
        survey.interfaces().values().forEach(i -> ledger.captures().attached(i.report(fileName)));
        return publish(file, survey, ledger, progress);
    }

    /// The same packet must get the same partition and number again, also where the topic has been
    /// given more partitions since.
    private int partitionCount(@Nullable SensorReport earlier) {
        return earlier == null
                ? facts.partitionCount()
                : Math.min(earlier.getPartitionCount(), facts.partitionCount());
    }

    private FileResult publish(
            Path file, FileSurvey survey, Ledger ledger, ImportProgress progress) {
        BatchBudget budget =
                ImportLane.budget(
                        TopicSettings.DEFAULT_BATCH_BYTES,
                        facts.maxRecordBytes(),
                        ledger.session().partitionCount(),
                        Runtime.getRuntime().maxMemory());
        try (ReportPublisher reports = new ReportPublisher(kafka, topics, wireFormat, ledger);
                Publisher publisher =
                        new Publisher(kafka, topics.packets(), budget.batchBytes(), ledger, true)) {
            ImportLane lane =
                    new ImportLane(
                            survey,
                            FileSurvey.fileName(file),
                            budget,
                            facts.maxRecordBytes(),
                            wireFormat,
                            ledger,
                            publisher);
            reports.start();
            publisher.start();
            @Nullable String problem =
                    read(
                            file,
                            survey,
                            lane,
                            progress,
                            () -> stopRequested.getAsBoolean() || publisher.failure() != null);
            lane.finish();
            drain(publisher);
            SensorReport report = ledger.snapshot(true);
            // A report that says final says that all of the file was tried.
            report.setFinal$(problem == null);
            reports.finish(report, REPORT_LIMIT);
            @Nullable Throwable failure = publisher.failure();
            if (failure != null) {
                problem = "publishing broke off: " + failure;
            } else if (problem == null && !isAcknowledged(report)) {
                problem = "Kafka has not acknowledged every packet";
            }
            return problem == null
                    ? FileResult.imported(file, survey, report)
                    : FileResult.incomplete(file, survey, report, problem);
        }
    }

    private static boolean isAcknowledged(SensorReport report) {
        return Balance.check(report).isEmpty()
                && report.getLanes().stream()
                        .allMatch(
                                l ->
                                        l.getAcknowledged().getPackets()
                                                == l.getReceived().getPackets());
    }

    /// Waits for the outcome of every batch, but not for long once a stop is requested.
    private void drain(Publisher publisher) {
        long deadlineNs = System.nanoTime() + DRAIN_LIMIT.toNanos();
        boolean settled = false;
        while (!settled && !stopRequested.getAsBoolean() && System.nanoTime() - deadlineNs < 0) {
            settled = publisher.settle(DRAIN_SLICE);
        }
        publisher.drain(STOP_LIMIT);
    }

    /// Reads the packets that the survey found; those that a growing file has got since would make
    /// it other content.
    ///
    /// @param givenUp asked between packets
    /// @return why not all of them were read; null where they were
    private static @Nullable String read(
            Path file,
            FileSurvey survey,
            ImportLane lane,
            ImportProgress progress,
            BooleanSupplier givenUp) {
        progress.begin("importing", survey.packetCount());
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            for (long i = 0; i < survey.packetCount(); i++) {
                if (!reader.next()) {
                    return "the file has changed since it was looked through";
                }
                if (givenUp.getAsBoolean() || !lane.add(reader, givenUp)) {
                    return "stopped";
                }
                progress.packet(reader.dataLength());
            }
            return null;
        } catch (CaptureFormatException e) {
            return "the file has changed since it was looked through: " + e.getMessage();
        } catch (IOException e) {
            return "it can't be read on: " + e;
        }
    }

    /// Why the topic would not keep the file's packets; empty where it will.
    private String obstacles(FileSurvey survey) {
        StringBuilder text = new StringBuilder();
        facts.limits()
                .obstacles(
                        Math.floorDiv(survey.oldestNs(), NANOS_PER_MILLI),
                        Math.ceilDiv(survey.newestNs(), NANOS_PER_MILLI),
                        System.currentTimeMillis())
                .forEach(
                        o ->
                                text.append(
                                        "%n  %s%n  mend it with: %s"
                                                .formatted(o, o.remedy(kafka.bootstrapServers()))));
        return text.toString();
    }

    private SessionFacts session(FileSurvey survey, int partitionCount) {
        return new SessionFacts(
                sensorId,
                survey.sessionId(),
                HostName.get(),
                SoftwareVersion.get(),
                Ledger.nanosecondsOf(Clock.systemUTC().instant()),
                partitionCount,
                kafka.weakened());
    }
}
