package dev.ringtail.bench.report;

import dev.ringtail.bench.row.Row;

import org.jspecify.annotations.Nullable;

/// A row and what it found.
///
/// @param name as for `--only`
/// @param title what is measured
/// @param result null where the row failed
/// @param failure why it failed; null where it did not
public record RowReport(
        String name, String title, Row.@Nullable Result result, @Nullable String failure) {}
