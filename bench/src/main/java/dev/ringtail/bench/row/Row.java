package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Trials;

import java.util.List;

/// A row of the table.
public interface Row {
    /// Name for `--only`, in the form `ring-batch`.
    String name();

    /// What is measured, in one line.
    String title();

    /// Sets up what all contenders need, measures them in turn, and tears it down again, also when
    /// it fails.
    ///
    /// @throws dev.ringtail.bench.rig.BenchException when nothing could be measured
    Result measure(Bench bench) throws InterruptedException;

    /// What a row found.
    ///
    /// @param trials figures of each contender
    /// @param claims what the design has bars and goals for
    /// @param curves lines for the chart; empty for a row that has none
    record Result(Trials trials, List<Claim> claims, List<Curve> curves) {
        /// A result without curves.
        public static Result of(Trials trials, List<Claim> claims) {
            return new Result(trials, claims, List.of());
        }
    }
}
