package dev.ringtail.sensor.transmit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// What became of the packets of a forwarded interface, after the end.
///
/// @param source the interface that was captured
/// @param destination where its packets went
record ForwardReport(
        String source,
        String destination,
        Instant startTime,
        Instant endTime,
        ForwardCounters counters) {
    private static final ObjectMapper JSON = new ObjectMapper();

    boolean balanced() {
        return counters.imbalances().isEmpty();
    }

    /// A table for people; its last line is `balanced`, or what does not add up.
    String text() {
        List<Term> terms = new ArrayList<>();
        terms.add(new Term("kernelPackets", counters.kernelPackets(), null));
        terms.add(new Term("kernelDrops", counters.kernelDrops(), null));
        terms.add(Term.of("received", counters.received()));
        terms.addAll(Term.of(counters.frames()));
        addUnlessZero(terms, Term.of("excluded ownTraffic", counters.ownTraffic()));
        addUnlessZero(terms, Term.of("excluded outgoing", counters.outgoing()));
        addUnlessZero(terms, new Term("malformed", counters.malformed(), null));
        addUnlessZero(terms, Term.of("cut", counters.cut()));
        List<String> imbalances = counters.imbalances();
        return Term.table(terms)
                + (imbalances.isEmpty()
                        ? "balanced\n"
                        : "not balanced: " + String.join("; ", imbalances) + "\n");
    }

    private static void addUnlessZero(List<Term> terms, Term term) {
        if (term.packets() != 0) {
            terms.add(term);
        }
    }

    /// The same as indented JSON, for programs: every term by name, zeros included, in packets, and
    /// under `bytes` in bytes; `excluded` and `notSent` are objects by reason.
    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("interface", source);
        root.put("destination", destination);
        root.put("startTime", startTime.toString());
        root.put("endTime", endTime.toString());
        root.put("balanced", balanced());
        root.put("kernelPackets", counters.kernelPackets());
        root.put("kernelDrops", counters.kernelDrops());
        root.put("ringFreezes", counters.ringFreezes());
        root.put("malformed", counters.malformed());
        putTallies(root, Tally::packets);
        putTallies(root.putObject("bytes"), Tally::bytes);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("JSON of a tree in memory", e);
        }
    }

    private void putTallies(ObjectNode node, ToLongFunction<Tally> part) {
        node.put("received", part.applyAsLong(counters.received()));
        node.put("sent", part.applyAsLong(counters.frames().sent()));
        ObjectNode notSent = node.putObject("notSent");
        counters.frames().notSent().forEach((r, tally) -> notSent.put(r, part.applyAsLong(tally)));
        ObjectNode excluded = node.putObject("excluded");
        excluded.put("ownTraffic", part.applyAsLong(counters.ownTraffic()));
        excluded.put("outgoing", part.applyAsLong(counters.outgoing()));
        node.put("cut", part.applyAsLong(counters.cut()));
    }
}
