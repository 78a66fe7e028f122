package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Spread;

/// What a figure has to be.
///
/// @param atMost whether the bound is an upper one
/// @param bound itself included
public record Target(boolean atMost, double bound) {
    /// A figure that must not be above the bound.
    public static Target atMost(double bound) {
        return new Target(true, bound);
    }

    /// A figure that must not be below the bound.
    public static Target atLeast(double bound) {
        return new Target(false, bound);
    }

    /// Whether measurements meet it: by their median, but where nothing is allowed, as of packets
    /// lost, by each of them.
    public boolean isMetBy(Spread measured) {
        double judged = atMost && bound == 0 ? measured.max() : measured.median();
        return atMost ? judged <= bound : judged >= bound;
    }
}
