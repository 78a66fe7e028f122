package dev.ringtail.sensor.importer;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.CaptureFormatException;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.SoftwareVersion;
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
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Publishes one capture file as a session of its own.
final class FileImport {
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
    private final String sensorId;
    private final PrintWriter err;
    private final BooleanSupplier stopRequested;

    /// @param stopRequested asked again and again; once true it ends the import early
    FileImport(
            KafkaSettings kafka,
            Topics topics,
            TopicFacts facts,
            String sensorId,
            PrintWriter err,
            BooleanSupplier stopRequested) {
        this.kafka = kafka;
        this.topics = topics;
        this.facts = facts;
        this.sensorId = sensorId;
        this.err = err;
        this.stopRequested = stopRequested;
    }

    /// Publishes what the topic does not hold yet.
    ///
    /// @return the session's report, an earlier import's where that was complete; null for a file
    ///   without packets
    /// @throws ImportException if the file can't be read, or the topic would not keep its packets
    @Nullable SensorReport run(Path file, FileSurvey survey) {
        if (survey.packetCount() == 0) {
            err.printf("%s: no packets%n", file);
            return null;
        }
        refuseWhatWouldNotLast(file, survey);
        @Nullable SensorReport prior;
        try (PriorImport look = new PriorImport(kafka, topics)) {
            prior = look.lastReport(survey.sessionId());
            if (prior != null && look.isComplete(prior, survey.packetCount())) {
                err.printf(
                        "%s: already imported, as sensor %s, session %s; nothing is published%n",
                        file, prior.getSensorId(), survey.sessionId());
                return prior;
            }
        } catch (KafkaException e) {
            throw new ImportException(
                    "Can't look for an earlier import of %s in %s: %s"
                            .formatted(file, topics.reports(), e.getMessage()),
                    e);
        }
        Ledger ledger = new Ledger(session(survey, partitionCount(prior)), Clock.systemUTC());
        String fileName = FileSurvey.fileName(file);
        survey.interfaces().values().forEach(i -> ledger.captures().attached(i.report(fileName)));
        return publish(file, survey, ledger);
    }

    /// The same packet must get the same partition and number again, also where the topic has been
    /// given more partitions since.
    private int partitionCount(@Nullable SensorReport prior) {
        return prior == null
                ? facts.partitionCount()
                : Math.min(prior.getPartitionCount(), facts.partitionCount());
    }

    private SensorReport publish(Path file, FileSurvey survey, Ledger ledger) {
        BatchBudget budget =
                ImportLane.budget(
                        TopicSettings.DEFAULT_BATCH_BYTES,
                        facts.maxRecordBytes(),
                        ledger.session().partitionCount(),
                        Runtime.getRuntime().maxMemory());
        try (ReportPublisher reports = new ReportPublisher(kafka, topics, ledger);
                Publisher publisher =
                        new Publisher(kafka, topics.packets(), budget.batchBytes(), ledger, true)) {
            ImportLane lane =
                    new ImportLane(
                            survey,
                            FileSurvey.fileName(file),
                            budget,
                            facts.maxRecordBytes(),
                            ledger,
                            publisher);
            reports.start();
            publisher.start();
            boolean complete =
                    read(
                            file,
                            survey,
                            lane,
                            () -> stopRequested.getAsBoolean() || publisher.failure() != null);
            lane.finish();
            drain(publisher);
            @Nullable Throwable failure = publisher.failure();
            if (failure != null) {
                err.printf("%s: publishing broke off: %s%n", file, failure);
            }
            SensorReport report = ledger.snapshot(true);
            // A report that says final says that all of the file was tried.
            report.setFinal$(complete);
            reports.finish(report, REPORT_LIMIT);
            return report;
        }
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

    /// @param givenUp asked between packets
    /// @return whether all that is readable was read, false if it was given up
    private boolean read(Path file, FileSurvey survey, ImportLane lane, BooleanSupplier givenUp) {
        ImportProgress progress =
                new ImportProgress(err, FileSurvey.fileName(file), survey.packetCount());
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                if (givenUp.getAsBoolean() || !lane.add(reader, givenUp)) {
                    return false;
                }
                progress.packet(reader.dataLength());
            }
        } catch (CaptureFormatException e) {
            // Known from the survey, and told at the end.
            progress.say();
            return true;
        } catch (IOException e) {
            throw new ImportException("Can't read " + file + ": " + e, e);
        }
        progress.say();
        return true;
    }

    private void refuseWhatWouldNotLast(Path file, FileSurvey survey) {
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
        if (!text.isEmpty()) {
            throw new ImportException(file + " is not imported:" + text, null);
        }
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
