package dev.ringtail.consumer.verify;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether a ledger's equations hold, in packets and where they count them in bytes.
final class LedgerBalance {
    private LedgerBalance() {}

    /// Checks every lane of a final report.
    ///
    /// @return what does not add up; empty if all does
    static List<String> problems(SensorReport report) {
        List<String> problems = new ArrayList<>();
        for (LaneLedger lane : report.getLanes()) {
            String name = "lane " + lane.getLane() + ": ";
            check(
                    problems,
                    name + "kernelPackets = kernelDrops + received, packets",
                    lane.getKernelPackets(),
                    lane.getKernelDrops() + lane.getReceived().getPackets());
            check(
                    problems,
                    name + "received = published + excluded + malformed + shed + pending, packets",
                    lane.getReceived().getPackets(),
                    accounted(lane).getPackets());
            check(
                    problems,
                    name + "received = published + excluded + malformed + shed + pending, bytes",
                    lane.getReceived().getBytes(),
                    accounted(lane).getBytes());
            check(
                    problems,
                    name
                            + "published = acknowledged + rejected + unknown + inFlight + spooled,"
                            + " packets",
                    lane.getPublished().getPackets(),
                    settled(lane).getPackets());
            check(
                    problems,
                    name
                            + "published = acknowledged + rejected + unknown + inFlight + spooled,"
                            + " bytes",
                    lane.getPublished().getBytes(),
                    settled(lane).getBytes());
        }
        return problems;
    }

    private static Tally accounted(LaneLedger lane) {
        Tally shed = sum(lane.getShed());
        return sum(
                List.of(
                        lane.getPublished(),
                        lane.getExcludedOwnTraffic(),
                        lane.getExcludedOutgoing(),
                        lane.getExcludedSampledOut(),
                        lane.getExcludedStaleFilter(),
                        lane.getMalformed(),
                        shed,
                        lane.getPending()));
    }

    private static Tally settled(LaneLedger lane) {
        return sum(
                List.of(
                        lane.getAcknowledged(),
                        sum(lane.getRejected()),
                        lane.getUnknown(),
                        lane.getInFlight(),
                        lane.getSpooled()));
    }

    private static Tally sum(Map<String, Tally> byReason) {
        return sum(List.copyOf(byReason.values()));
    }

    private static Tally sum(List<Tally> tallies) {
        return new Tally(
                tallies.stream().mapToLong(Tally::getPackets).sum(),
                tallies.stream().mapToLong(Tally::getBytes).sum());
    }

    private static void check(List<String> problems, String equation, long left, long right) {
        if (left != right) {
            problems.add(equation + ": " + left + " is not " + right);
        }
    }
}
