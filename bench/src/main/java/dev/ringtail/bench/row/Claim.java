package dev.ringtail.bench.row;

import dev.ringtail.bench.rig.Spread;

import org.jspecify.annotations.Nullable;

/// A figure or ratio that the design has a bar or a goal for.
///
/// @param text what is compared, for instance "lane ÷ tcpdump, CPU per packet, 60 B"
/// @param value over the repetitions; null where it was not measured
/// @param bar must be reached; null where there is none
/// @param goal is fought for; null where there is none
/// @param noVerdict why the trials are not those that bar and goal are for; null where they are
public record Claim(
        String text,
        @Nullable Spread value,
        @Nullable Target bar,
        @Nullable Target goal,
        @Nullable String noVerdict) {
    /// A claim of trials as bar and goal ask for.
    public Claim(String text, @Nullable Spread value, @Nullable Target bar, @Nullable Target goal) {
        this(text, value, bar, goal, null);
    }
}
