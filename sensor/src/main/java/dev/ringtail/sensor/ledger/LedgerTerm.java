package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.Tally;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A term of the ledger with its value, as the table shows it.
///
/// @param name name of the term; the reason follows where it has one
/// @param packets packets, or times for ringFreezes
/// @param bytes bytes; null for a term that is not counted in bytes
record LedgerTerm(String name, long packets, @Nullable Long bytes) {
    private static final String SHED = "shed";
    private static final String REJECTED = "rejected";

    boolean isZero() {
        return packets == 0 && (bytes == null || bytes == 0);
    }

    /// Whether what it counts passed the filter, may have been wanted, and is nowhere.
    boolean isLoss() {
        return name.equals("kernelDrops")
                || name.equals("malformed")
                || name.startsWith(SHED)
                || name.startsWith(REJECTED);
    }

    /// All terms of an account in the order of the equations, zeros included.
    static List<LedgerTerm> of(LaneLedger lane) {
        List<LedgerTerm> terms = new ArrayList<>();
        terms.add(new LedgerTerm("kernelPackets", lane.getKernelPackets(), null));
        terms.add(new LedgerTerm("kernelDrops", lane.getKernelDrops(), null));
        terms.add(new LedgerTerm("ringFreezes", lane.getRingFreezes(), null));
        terms.add(new LedgerTerm("rolledOver", lane.getRolledOver(), null));
        terms.add(new LedgerTerm("rolledOverHuge", lane.getRolledOverHuge(), null));
        terms.add(new LedgerTerm("rolloverFailed", lane.getRolloverFailed(), null));
        add(terms, "received", lane.getReceived());
        add(terms, "published", lane.getPublished());
        add(terms, "excluded ownTraffic", lane.getExcludedOwnTraffic());
        add(terms, "excluded outgoing", lane.getExcludedOutgoing());
        add(terms, "excluded sampledOut", lane.getExcludedSampledOut());
        add(terms, "excluded staleFilter", lane.getExcludedStaleFilter());
        add(terms, "malformed", lane.getMalformed());
        addReasons(terms, SHED, lane.getShed());
        add(terms, "pending", lane.getPending());
        add(terms, "acknowledged", lane.getAcknowledged());
        addReasons(terms, REJECTED, lane.getRejected());
        add(terms, "unknown", lane.getUnknown());
        add(terms, "inFlight", lane.getInFlight());
        add(terms, "spooled", lane.getSpooled());
        add(terms, "cut", lane.getCut());
        return terms;
    }

    private static void add(List<LedgerTerm> terms, String name, Tally tally) {
        terms.add(new LedgerTerm(name, tally.getPackets(), tally.getBytes()));
    }

    private static void addReasons(
            List<LedgerTerm> terms, String name, Map<String, Tally> byReason) {
        new TreeMap<>(byReason).forEach((reason, tally) -> add(terms, name + " " + reason, tally));
    }
}
