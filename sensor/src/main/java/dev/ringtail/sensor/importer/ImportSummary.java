package dev.ringtail.sensor.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.ledger.LedgerSummary;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The ledgers of an import: one table, one JSON.
final class ImportSummary {
    private final String sensorId;
    private final List<FileResult> results;

    /// @param results in the order of the files
    ImportSummary(String sensorId, List<FileResult> results) {
        this.sensorId = sensorId;
        this.results = results;
    }

    /// One ledger of what was published now, for people: the lanes are numbered in the order of the
    /// files. Null where nothing was published.
    @Nullable SensorReport together() {
        List<SensorReport> reports = published();
        if (reports.size() <= 1) {
            return reports.isEmpty() ? null : reports.getFirst();
        }
        SensorReport all = SensorReport.newBuilder(reports.getLast()).build();
        List<LaneLedger> lanes = new ArrayList<>();
        for (SensorReport report : reports) {
            for (LaneLedger lane : report.getLanes()) {
                lanes.add(LaneLedger.newBuilder(lane).setLane(lanes.size()).build());
            }
        }
        all.setStartTimeNs(reports.getFirst().getStartTimeNs());
        all.setLanes(lanes);
        return all;
    }

    /// Writes the JSON: of one file its session's ledger, as of a sensor; of several the total of
    /// what was published now, and each file with its ledger.
    void write(boolean oneFile, Path path) throws IOException {
        if (!oneFile) {
            LedgerSummary.write(ofSeveral(), path);
        } else if (!results.isEmpty() && results.getFirst().report() != null) {
            LedgerSummary.write(results.getFirst().report(), path);
        }
    }

    private ObjectNode ofSeveral() {
        List<SensorReport> reports = published();
        ObjectNode root = LedgerSummary.emptyTree();
        root.put("sensorId", sensorId);
        root.put("balanced", reports.stream().allMatch(r -> Balance.check(r).isEmpty()));
        root.set(
                "total",
                LedgerSummary.total(reports.stream().flatMap(r -> r.getLanes().stream()).toList()));
        for (FileResult result : results) {
            ObjectNode node = root.withArray("files").addObject();
            node.put("file", result.file().toString());
            node.put("outcome", result.outcome().toString());
            putWhatIsInTheFile(node, result.survey());
            node.put("fault", result.fault());
            node.put("problem", result.problem());
            SensorReport report = result.report();
            node.set("ledger", report == null ? null : LedgerSummary.toTree(report));
        }
        root.withArray("files");
        return root;
    }

    private static void putWhatIsInTheFile(ObjectNode node, @Nullable FileSurvey survey) {
        node.put("packets", survey == null ? 0 : survey.packetCount());
        if (survey != null && survey.packetCount() > 0) {
            node.put("oldest", survey.oldest().toString());
            node.put("newest", survey.newest().toString());
        }
    }

    private List<SensorReport> published() {
        return results.stream().map(FileResult::published).filter(Objects::nonNull).toList();
    }
}
