package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.Imbalance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/// The ledger as text, for people: a row for each term that is not zero or always of interest, a
/// column for each lane.
///
/// Below it stands in words what did not arrive. The last line is `balanced`, or what does not add
/// up and by how much.
public final class LedgerTable {
    /// Lanes beyond this leave no room on a terminal; only their total is shown.
    private static final int MAX_LANE_COLUMNS = 6;

    /// Shown even where they are 0: that nothing was dropped is what one wants to read.
    private static final Set<String> ALWAYS_SHOWN =
            Set.of("kernelPackets", "kernelDrops", "received", "published", "acknowledged");

    private LedgerTable() {}

    /// The table's lines, each ended by a line feed.
    public static String of(SensorReport report) {
        List<LaneLedger> lanes = report.getLanes();
        List<List<String>> rows = new ArrayList<>();
        boolean laneColumns = lanes.size() > 1 && lanes.size() <= MAX_LANE_COLUMNS;
        List<String> heading = new ArrayList<>(List.of("packets"));
        if (laneColumns) {
            lanes.forEach(l -> heading.add("lane " + l.getLane() + " " + l.getInterfaceName()));
        }
        heading.add("total");
        heading.add("bytes");
        rows.add(heading);
        LaneLedger total = LedgerTotal.of(lanes);
        for (LedgerTerm term : LedgerTerm.of(total)) {
            if (!term.isZero() || ALWAYS_SHOWN.contains(term.name())) {
                rows.add(row(term, laneColumns ? lanes : List.of()));
            }
        }
        return layOut(rows) + gaps(report) + losses(total) + doubt(total) + verdict(report);
    }

    private static List<String> row(LedgerTerm term, List<LaneLedger> lanes) {
        List<String> row = new ArrayList<>(List.of(term.name()));
        for (LaneLedger lane : lanes) {
            row.add(number(packets(lane, term.name())));
        }
        row.add(number(term.packets()));
        row.add(term.bytes() == null ? "" : number(term.bytes()));
        return row;
    }

    private static long packets(LaneLedger lane, String name) {
        for (LedgerTerm term : LedgerTerm.of(lane)) {
            if (term.name().equals(name)) {
                return term.packets();
            }
        }
        return 0;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// Rows as lines: first column to the left, the others to the right, two spaces between.
    public static String layOut(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            line.append(row.getFirst()).repeat(' ', widths[0] - row.getFirst().length());
            for (int i = 1; i < widths.length; i++) {
                line.repeat(' ', 2 + widths[i] - row.get(i).length()).append(row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String gaps(SensorReport report) {
        StringBuilder text = new StringBuilder();
        for (GapReport gap : report.getGaps()) {
            text.append(
                    "gap: %s from %s to %s: %s%n"
                            .formatted(
                                    gap.getInterfaceName(),
                                    LedgerSummary.instantOf(gap.getFromNs()),
                                    gap.getToNs() == 0
                                            ? "the end"
                                            : LedgerSummary.instantOf(gap.getToNs()),
                                    gap.getReason()));
        }
        return text.toString();
    }

    /// What `balanced` below it does not say: that all is accounted for is not that all has
    /// arrived.
    private static String losses(LaneLedger total) {
        long lost = 0;
        StringJoiner terms = new StringJoiner(", ");
        for (LedgerTerm term : LedgerTerm.of(total)) {
            if (term.isLoss() && term.packets() > 0) {
                lost += term.packets();
                terms.add(term.name());
            }
        }
        return lost == 0
                ? ""
                : "%s of %s packets are lost: %s\n"
                        .formatted(number(lost), number(total.getKernelPackets()), terms);
    }

    private static String doubt(LaneLedger total) {
        long unknown = packets(total, "unknown");
        return unknown == 0
                ? ""
                : number(unknown)
                        + " packets may not have arrived: neither acknowledged nor refused\n";
    }

    private static String verdict(SensorReport report) {
        List<Imbalance> found = Balance.check(report);
        if (found.isEmpty()) {
            return "balanced\n";
        }
        StringBuilder text = new StringBuilder("not balanced:");
        String separator = " ";
        for (Imbalance imbalance : found) {
            text.append(separator).append(imbalance);
            separator = "; ";
        }
        return text.append('\n').toString();
    }
}
