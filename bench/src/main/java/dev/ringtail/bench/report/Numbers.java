package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Spread;

import java.util.Locale;

/// Figures as people read them: three digits that count.
final class Numbers {
    private static final double THOUSAND = 1_000;
    private static final double MILLION = 1_000_000;
    private static final double BILLION = 1_000_000_000;

    private Numbers() {}

    static String of(double value) {
        double size = Math.abs(value);
        if (size >= BILLION) {
            return digits(value / BILLION) + " G";
        }
        if (size >= MILLION) {
            return digits(value / MILLION) + " M";
        }
        if (size >= 10 * THOUSAND) {
            return digits(value / THOUSAND) + " k";
        }
        return digits(value);
    }

    /// Median, and the range where there is one.
    static String of(Spread spread) {
        String median = of(spread.median());
        return spread.min() == spread.max()
                ? median
                : "%s (%s–%s)".formatted(median, of(spread.min()), of(spread.max()));
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || value == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
