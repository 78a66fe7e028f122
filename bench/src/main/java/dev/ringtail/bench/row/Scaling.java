package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a packet costs one subject as something grows.
///
/// Work that is linear in what grows, or does not depend on it, leaves the cost of a packet as it
/// is; a tolerance is for what is lost on the way: caches that no longer hold it, batches that are
/// less full.
///
/// @param subject what has the cost, for instance `lane`
/// @param quantity what grows, for instance `flows`
/// @param sizes how much of it each step has, ascending
record Scaling(String subject, String quantity, List<Integer> sizes) {
    /// Name of a step's contender.
    String contender(int size) {
        return "%s, %s %s".formatted(subject, number(size), quantity);
    }

    /// The cost of each step against the step before, and of the last against the first, with a
    /// verdict.
    ///
    /// @param tolerance what the last may cost, times the first
    List<Claim> claims(Trials trials, double tolerance) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 1; i < sizes.size() && sizes.size() > 2; i++) {
            claims.add(claim(trials, sizes.get(i), sizes.get(i - 1), "", null));
        }
        claims.add(
                claim(
                        trials,
                        sizes.getLast(),
                        sizes.getFirst(),
                        ", no worse than linear",
                        Target.atMost(tolerance)));
        return claims;
    }

    private Claim claim(
            Trials trials, int size, int reference, String verdict, @Nullable Target bar) {
        return new Claim(
                "%s, CPU per packet, %s ÷ %s %s%s"
                        .formatted(subject, number(size), number(reference), quantity, verdict),
                trials.ratio(contender(size), contender(reference), Metric.CPU_NS_PER_PACKET)
                        .orElse(null),
                bar,
                null);
    }

    private static String number(int size) {
        return String.format(Locale.ROOT, "%,d", size).replace(',', ' ');
    }
}
