package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Home;

import java.io.FileWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// What a run found, in its three forms.
public final class Report {
    private static final String NAME = "bench";

    private final Environment environment;
    private final List<RowReport> rows;

    /// A report of what a run has measured until now, on this machine.
    ///
    /// @param rows in the order of the table
    /// @param plannedRows how many there will be at the end
    /// @param repetitions of every trial
    /// @param home what was measured
    public Report(List<RowReport> rows, int plannedRows, int repetitions, Home home) {
        String share = "%d of %d".formatted(rows.size(), plannedRows);
        this.environment = Environment.here(repetitions, share, home);
        this.rows = List.copyOf(rows);
    }

    /// The table, for standard output.
    public String table() {
        return environment.line() + "\n\n" + Table.of(rows);
    }

    /// Writes `bench.txt`, `bench.json` and `bench.svg`, each in the place of an earlier one and
    /// wholly or not at all, whether the thread is interrupted or not.
    ///
    /// @param folder that is there
    /// @return the files
    /// @throws IOException if the folder can't be written to
    public List<Path> write(Path folder) throws IOException {
        return List.of(
                write(folder.resolve(NAME + ".txt"), table()),
                write(folder.resolve(NAME + ".json"), Json.of(environment, rows)),
                write(folder.resolve(NAME + ".svg"), Chart.of(environment, rows)));
    }

    private static Path write(Path file, String text) throws IOException {
        Path whole = file.resolveSibling("." + file.getFileName());
        // An interrupt closes a channel, but not this.
        try (Writer writer = new FileWriter(whole.toFile(), StandardCharsets.UTF_8)) {
            writer.write(text);
        }
        return Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Whether every row has been measured, if perhaps not every contender of it.
    public boolean isComplete() {
        return rows.stream().allMatch(row -> row.failure() == null);
    }
}
