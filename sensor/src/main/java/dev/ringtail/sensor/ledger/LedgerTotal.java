package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.Tally;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// The sum of the accounts of several lanes, in the form of one.
final class LedgerTotal {
    private static final int NO_LANE = -1;

    private final List<LaneLedger> lanes;

    private LedgerTotal(List<LaneLedger> lanes) {
        this.lanes = lanes;
    }

    /// Adds up; the lane number of the sum is -1 and its interface name empty.
    static LaneLedger of(List<LaneLedger> lanes) {
        LedgerTotal total = new LedgerTotal(lanes);
        return LaneLedger.newBuilder()
                .setLane(NO_LANE)
                .setInterfaceName("")
                .setKernelPackets(total.count(LaneLedger::getKernelPackets))
                .setKernelDrops(total.count(LaneLedger::getKernelDrops))
                .setRingFreezes(total.count(LaneLedger::getRingFreezes))
                .setRolledOver(total.count(LaneLedger::getRolledOver))
                .setRolledOverHuge(total.count(LaneLedger::getRolledOverHuge))
                .setRolloverFailed(total.count(LaneLedger::getRolloverFailed))
                .setReceived(total.tally(LaneLedger::getReceived))
                .setPublished(total.tally(LaneLedger::getPublished))
                .setExcludedOwnTraffic(total.tally(LaneLedger::getExcludedOwnTraffic))
                .setExcludedOutgoing(total.tally(LaneLedger::getExcludedOutgoing))
                .setExcludedSampledOut(total.tally(LaneLedger::getExcludedSampledOut))
                .setExcludedStaleFilter(total.tally(LaneLedger::getExcludedStaleFilter))
                .setMalformed(total.tally(LaneLedger::getMalformed))
                .setShed(total.reasons(LaneLedger::getShed))
                .setPending(total.tally(LaneLedger::getPending))
                .setAcknowledged(total.tally(LaneLedger::getAcknowledged))
                .setRejected(total.reasons(LaneLedger::getRejected))
                .setUnknown(total.tally(LaneLedger::getUnknown))
                .setInFlight(total.tally(LaneLedger::getInFlight))
                .setSpooled(total.tally(LaneLedger::getSpooled))
                .setCut(total.tally(LaneLedger::getCut))
                .build();
    }

    private long count(ToLongFunction<LaneLedger> term) {
        return lanes.stream().mapToLong(term).sum();
    }

    private Tally tally(Function<LaneLedger, Tally> term) {
        return lanes.stream().map(term).reduce(new Tally(0L, 0L), LedgerTotal::plus);
    }

    private Map<String, Tally> reasons(Function<LaneLedger, Map<String, Tally>> term) {
        Map<String, Tally> sums = new TreeMap<>();
        for (LaneLedger lane : lanes) {
            term.apply(lane)
                    .forEach((reason, tally) -> sums.merge(reason, tally, LedgerTotal::plus));
        }
        return sums;
    }

    static Tally plus(Tally a, Tally b) {
        return new Tally(a.getPackets() + b.getPackets(), a.getBytes() + b.getBytes());
    }
}
