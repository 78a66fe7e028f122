package dev.ringtail.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/// The three equations of the ledger, each checked for itself.
///
/// ```
/// kernelPackets = kernelDrops + received
/// received      = published + excluded + malformed + shed + pending   (in bytes: + cut)
/// published     = acknowledged + rejected + unknown + inFlight + spooled
/// ```
///
/// The kernel counts no bytes, so the first is in packets alone. Bytes that were cut off a packet
/// were received but never published.
public final class Balance {
    private static final String FIRST = "kernelPackets = kernelDrops + received";
    private static final String SECOND =
            "received = published + excluded + malformed + shed + pending";
    private static final String SECOND_IN_BYTES = SECOND + " + cut";
    private static final String THIRD =
            "published = acknowledged + rejected + unknown + inFlight + spooled";

    private Balance() {}

    /// Checks every lane of a report.
    ///
    /// @return what does not add up, in the order of the lanes; empty where all is accounted for
    public static List<Imbalance> check(SensorReport report) {
        List<Imbalance> found = new ArrayList<>();
        for (LaneLedger lane : report.getLanes()) {
            compare(
                    found,
                    lane,
                    FIRST,
                    "packets",
                    lane.getKernelPackets(),
                    lane.getKernelDrops() + lane.getReceived().getPackets());
            compareTallies(found, lane, SECOND, "packets", Tally::getPackets, 0);
            compareTallies(
                    found,
                    lane,
                    SECOND_IN_BYTES,
                    "bytes",
                    Tally::getBytes,
                    lane.getCut().getBytes());
        }
        return found;
    }

    private static void compareTallies(
            List<Imbalance> found,
            LaneLedger lane,
            String second,
            String unit,
            ToLongFunction<Tally> part,
            long cut) {
        compare(
                found,
                lane,
                second,
                unit,
                part.applyAsLong(lane.getReceived()),
                part.applyAsLong(lane.getPublished())
                        + part.applyAsLong(lane.getExcludedOwnTraffic())
                        + part.applyAsLong(lane.getExcludedOutgoing())
                        + part.applyAsLong(lane.getExcludedSampledOut())
                        + part.applyAsLong(lane.getExcludedStaleFilter())
                        + part.applyAsLong(lane.getMalformed())
                        + sum(lane.getShed().values(), part)
                        + part.applyAsLong(lane.getPending())
                        + cut);
        compare(
                found,
                lane,
                THIRD,
                unit,
                part.applyAsLong(lane.getPublished()),
                part.applyAsLong(lane.getAcknowledged())
                        + sum(lane.getRejected().values(), part)
                        + part.applyAsLong(lane.getUnknown())
                        + part.applyAsLong(lane.getInFlight())
                        + part.applyAsLong(lane.getSpooled()));
    }

    private static void compare(
            List<Imbalance> found,
            LaneLedger lane,
            String equation,
            String unit,
            long leftSide,
            long rightSide) {
        if (leftSide != rightSide) {
            found.add(new Imbalance(lane.getLane(), equation, unit, leftSide, rightSide));
        }
    }

    private static long sum(Collection<Tally> tallies, ToLongFunction<Tally> part) {
        return tallies.stream().mapToLong(part).sum();
    }
}
