package dev.ringtail.sensor.importer;

import dev.ringtail.schema.SensorReport;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/// What became of a file.
///
/// @param survey null where the file can't be read at all
/// @param report the ledger of the file's session, of the earlier import where it was
///   [Outcome#ALREADY_IMPORTED]; null where there is none
/// @param problem why not all that the survey found is in Kafka; null where it is
record FileResult(
        Path file,
        Outcome outcome,
        @Nullable FileSurvey survey,
        @Nullable SensorReport report,
        @Nullable String problem) {

    enum Outcome {
        IMPORTED("imported"),
        ALREADY_IMPORTED("alreadyImported"),
        EMPTY("empty"),
        INCOMPLETE("incomplete"),
        FAILED("failed");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /// As the summary has it.
        @Override
        public String toString() {
            return text;
        }
    }

    static FileResult imported(Path file, FileSurvey survey, SensorReport report) {
        return new FileResult(file, Outcome.IMPORTED, survey, report, null);
    }

    static FileResult alreadyImported(Path file, FileSurvey survey, SensorReport earlier) {
        return new FileResult(file, Outcome.ALREADY_IMPORTED, survey, earlier, null);
    }

    static FileResult empty(Path file, FileSurvey survey) {
        return new FileResult(file, Outcome.EMPTY, survey, null, null);
    }

    static FileResult incomplete(
            Path file, FileSurvey survey, SensorReport report, String problem) {
        return new FileResult(file, Outcome.INCOMPLETE, survey, report, problem);
    }

    static FileResult failed(Path file, @Nullable FileSurvey survey, String problem) {
        return new FileResult(file, Outcome.FAILED, survey, null, problem);
    }

    /// Whether every packet of the file is in Kafka, and nothing of the file is unreadable.
    boolean isFine() {
        return problem == null && fault() == null;
    }

    /// What makes the rest of the file unreadable; null where there is nothing.
    @Nullable String fault() {
        return survey == null ? null : survey.fault();
    }

    /// The ledger of what was published now; null where nothing was.
    @Nullable SensorReport published() {
        return outcome == Outcome.ALREADY_IMPORTED ? null : report;
    }

    /// For the user, in a line or a few.
    String describe() {
        StringBuilder text = new StringBuilder();
        switch (outcome) {
            case IMPORTED -> text.append(file).append(": imported;").append(span());
            case ALREADY_IMPORTED -> {
                text.append(file)
                        .append(": already imported, nothing is published;")
                        .append(span());
                if (report != null) {
                    text.append(
                            "%n  as sensor %s, session %s"
                                    .formatted(report.getSensorId(), report.getSessionId()));
                }
            }
            case EMPTY -> text.append(file).append(": no packets");
            case INCOMPLETE ->
                    text.append(file)
                            .append(": imported in part: ")
                            .append(problem)
                            .append(acknowledgedOf())
                            .append(span());
            case FAILED -> text.append(problem);
        }
        if (survey != null && survey.fault() != null) {
            text.append("%n  %s".formatted(survey.fault()));
            if (outcome == Outcome.IMPORTED || outcome == Outcome.ALREADY_IMPORTED) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%n  the %,d packets before that place are imported",
                                survey.packetCount()));
            }
        }
        return text.toString();
    }

    private String acknowledgedOf() {
        SensorReport ledger = Objects.requireNonNull(report, "there was an import");
        return String.format(
                Locale.ROOT,
                "; %,d are known to be in Kafka of",
                ledger.getLanes().stream()
                        .mapToLong(lane -> lane.getAcknowledged().getPackets())
                        .sum());
    }

    private String span() {
        return survey == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        " %,d packets, %s to %s",
                        survey.packetCount(),
                        survey.oldest(),
                        survey.newest());
    }
}
