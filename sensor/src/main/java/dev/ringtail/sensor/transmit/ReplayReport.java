package dev.ringtail.sensor.transmit;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What became of a replay.
///
/// @param read frames that were read from the file, of all passes
/// @param filteredOut those that the filter left out
/// @param cut those that were given on and that the file does not hold whole
/// @param frames what became of the frames that were given on
/// @param duration of the whole run
/// @param fault what makes the rest of the file unreadable; null where all of it is readable
record ReplayReport(
        Tally read,
        Tally filteredOut,
        Tally cut,
        TransmitCounters frames,
        Duration duration,
        @Nullable String fault) {
    private static final double NS_PER_SECOND = 1e9;

    /// Whether all that was to be sent was sent.
    boolean complete() {
        return fault == null && frames.notSentPackets() == 0;
    }

    /// The table for people, and a last line with time and rate.
    String text() {
        List<Term> terms = new ArrayList<>(List.of(Term.of("read", read)));
        if (filteredOut.packets() > 0) {
            terms.add(Term.of("filteredOut", filteredOut));
        }
        terms.addAll(Term.of(frames));
        if (cut.packets() > 0) {
            terms.add(Term.of("cut", cut));
        }
        return Term.table(terms) + rate();
    }

    private String rate() {
        double seconds = duration.toNanos() / NS_PER_SECOND;
        String rate =
                seconds == 0
                        ? ""
                        : ", %,.0f packets/s, %,.3f Mbit/s"
                                .formatted(
                                        frames.sent().packets() / seconds,
                                        frames.sent().bytes() * 8 / seconds / 1e6);
        return String.format(Locale.ROOT, "%.3f s%s%n", seconds, rate);
    }
}
