package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

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
/// @param cost what is counted of it, for instance `CPU per packet`
/// @param quantity what grows, for instance `flows`
/// @param sizes how much of it each step has, ascending
record Scaling(String subject, String cost, String quantity, List<Integer> sizes) {
    /// What a packet may cost, times that before, where twice as much is there: where work grows as
    /// the square it is 2, where as the power of 1.5 it is 1.41.
    static final double DOUBLING_TOLERANCE = 1.25;

    /// Name of a step's contender.
    String contender(int size) {
        return "%s, %s %s".formatted(subject, number(size), quantity);
    }

    /// The cost of each step against the step before, so that the worst of them has to meet its
    /// bar, and of the last against the first.
    ///
    /// @param tolerance what the last may cost, times the first, and with it every step
    List<Claim> claims(Trials trials, double tolerance) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 1; i < sizes.size() && sizes.size() > 2; i++) {
            int size = sizes.get(i);
            int before = sizes.get(i - 1);
            double doublings = Math.log((double) size / before) / Math.log(2);
            double ofStep = Math.min(tolerance, Math.pow(DOUBLING_TOLERANCE, doublings));
            claims.add(claim(trials, size, before, "", ofStep));
        }
        claims.add(
                claim(
                        trials,
                        sizes.getLast(),
                        sizes.getFirst(),
                        ", no worse than linear",
                        tolerance));
        return claims;
    }

    private Claim claim(Trials trials, int size, int reference, String meaning, double atMost) {
        return new Claim(
                "%s, %s, %s ÷ %s %s%s"
                        .formatted(
                                subject, cost, number(size), number(reference), quantity, meaning),
                trials.ratio(contender(size), contender(reference), Metric.CPU_NS_PER_PACKET)
                        .orElse(null),
                Target.atMost(atMost),
                null);
    }

    private static String number(int size) {
        return String.format(Locale.ROOT, "%,d", size).replace(',', ' ');
    }
}
