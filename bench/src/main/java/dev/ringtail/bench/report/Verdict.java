package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.row.Claim;
import dev.ringtail.bench.row.Target;

import org.jspecify.annotations.Nullable;

/// How a claim stands against its bar or its goal, in the words of table and JSON.
final class Verdict {
    static final String MET = "met";
    static final String NOT_MET = "not met";
    static final String NOT_MEASURED = "not measured";

    /// A median of fewer says nothing.
    private static final int LEAST_MEASUREMENTS = 3;

    private Verdict() {}

    /// Null where there is no target.
    ///
    /// @param repetitions measurements that a verdict takes, and three at least: where a contender
    ///   failed in some of them, the median of the rest is no base for one
    static @Nullable String of(Claim claim, @Nullable Target target, int repetitions) {
        if (target == null) {
            return null;
        }
        Spread value = claim.value();
        if (value == null) {
            return NOT_MEASURED;
        }
        if (claim.noVerdict() != null) {
            return "no verdict: " + claim.noVerdict();
        }
        int needed = Math.max(repetitions, LEAST_MEASUREMENTS);
        if (value.count() < needed) {
            return "no verdict, measured %d of %d times".formatted(value.count(), needed);
        }
        return target.isMetBy(value) ? MET : NOT_MET;
    }

    /// The target as an inequality, as in "≤ 0.8".
    static String text(Target target) {
        return (target.atMost() ? "≤ " : "≥ ") + Numbers.of(target.bound());
    }
}
