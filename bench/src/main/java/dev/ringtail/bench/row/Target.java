package dev.ringtail.bench.row;

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

    /// Whether a value meets it.
    public boolean isMetBy(double value) {
        return atMost ? value <= bound : value >= bound;
    }
}
