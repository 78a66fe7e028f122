package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a run found, in its three forms.
public final class Report {
    private static final String NAME = "bench";

    private final Environment environment;
    private final List<RowReport> rows;

    /// A report of a run that has ended now, on this machine.
    ///
    /// @param rows in the order of the table
    /// @param repetitions of every trial
    /// @param home what was measured
    public Report(List<RowReport> rows, int repetitions, Home home) {
        this.environment = Environment.here(repetitions, home);
        this.rows = List.copyOf(rows);
    }

    /// The table, for standard output.
    public String table() {
        return environment.line() + "\n\n" + Table.of(rows);
    }

    /// Writes `bench.txt`, `bench.json` and `bench.svg`, replacing those of an earlier run.
    ///
    /// @param folder made where it is not there
    /// @return the files
    /// @throws IOException if the folder can't be written to
    public List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        return List.of(
                Files.writeString(folder.resolve(NAME + ".txt"), table()),
                Files.writeString(folder.resolve(NAME + ".json"), Json.of(environment, rows)),
                Files.writeString(folder.resolve(NAME + ".svg"), Chart.of(environment, rows)));
    }

    /// Whether every row has been measured, if perhaps not every contender of it.
    public boolean isComplete() {
        return rows.stream().allMatch(row -> row.failure() == null);
    }
}
