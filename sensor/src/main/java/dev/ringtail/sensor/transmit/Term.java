package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.ledger.LedgerTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line of a summary.
///
/// @param name what is counted, a reason behind it where there is one
/// @param bytes null where only packets are counted
record Term(String name, long packets, @Nullable Long bytes) {
    static Term of(String name, Tally tally) {
        return new Term(name, tally.packets(), tally.bytes());
    }

    /// `sent`, and a line for each reason why something was not.
    static List<Term> of(TransmitCounters counters) {
        List<Term> terms = new ArrayList<>(List.of(of("sent", counters.sent())));
        counters.notSent().forEach((reason, tally) -> terms.add(of("notSent " + reason, tally)));
        return terms;
    }

    /// The lines as a table for people, each ended by a line feed.
    static String table(List<Term> terms) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("packets", "total", "bytes")));
        for (Term term : terms) {
            rows.add(
                    List.of(
                            term.name(),
                            number(term.packets()),
                            term.bytes() == null ? "" : number(term.bytes())));
        }
        return LedgerTable.layOut(rows);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
