package dev.ringtail.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a run found, in its three forms.
///
/// @param rows in the order of the table
/// @param repetitions of every trial
public record Report(List<RowReport> rows, int repetitions) {
    private static final String NAME = "bench";

    /// The table, for standard output.
    public String table() {
        return Environment.here(repetitions).line() + "\n\n" + Table.of(rows);
    }

    /// Writes `bench.txt`, `bench.json` and `bench.svg`, replacing those of an earlier run.
    ///
    /// @param folder made where it is not there
    /// @return the files
    /// @throws IOException if the folder can't be written to
    public List<Path> write(Path folder) throws IOException {
        Environment environment = Environment.here(repetitions);
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
