package dev.ringtail.bench.report;

import dev.ringtail.bench.row.Claim;
import dev.ringtail.bench.row.Target;

import org.jspecify.annotations.Nullable;

/// How a claim stands against its bar or its goal, in the words of table and JSON.
final class Verdict {
    static final String MET = "met";
    static final String NOT_MET = "not met";
    static final String NOT_MEASURED = "not measured";

    private Verdict() {}

    /// Null where there is no target.
    static @Nullable String of(Claim claim, @Nullable Target target) {
        if (target == null) {
            return null;
        }
        if (claim.value() == null) {
            return NOT_MEASURED;
        }
        return target.isMetBy(claim.value().median()) ? MET : NOT_MET;
    }

    /// The target as an inequality, as in "≤ 0.8".
    static String text(Target target) {
        return (target.atMost() ? "≤ " : "≥ ") + Numbers.of(target.bound());
    }
}
