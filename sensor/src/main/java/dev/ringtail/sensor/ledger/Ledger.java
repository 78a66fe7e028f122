package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Everything that a session counts, and the reports made of it.
///
/// Callable from any thread. A report made while lanes run is exact in each term but not across
/// terms, which are read one after the other; the report after everything has stopped is exact.
public final class Ledger {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final SessionFacts session;
    private final InstantSource clock;
    private final List<LaneCounters> lanes = new CopyOnWriteArrayList<>();
    private final CaptureHistory captures = new CaptureHistory();
    private final DeliveryCounters delivery = new DeliveryCounters();
    private final LateRuns lateRuns = new LateRuns();
    private volatile Supplier<List<InterfaceReport>> interfaces = List::of;

    /// @param clock gives the time of a report
    public Ledger(SessionFacts session, InstantSource clock) {
        this.session = session;
        this.clock = clock;
    }

    public SessionFacts session() {
        return session;
    }

    /// Opens the account of a lane, before the lane starts.
    ///
    /// @throws IllegalArgumentException if the session has this lane already
    public LaneCounters addLane(int lane, String interfaceName) {
        for (LaneCounters known : lanes) {
            if (known.lane() == lane) {
                throw new IllegalArgumentException("lane " + lane + " has an account already");
            }
        }
        LaneCounters counters = new LaneCounters(lane, interfaceName);
        lanes.add(counters);
        return counters;
    }

    /// When each interface was captured, and when it could not be.
    public CaptureHistory captures() {
        return captures;
    }

    /// Sets who tells what was lost before the packet socket; asked at each report.
    public void interfaceSource(Supplier<List<InterfaceReport>> source) {
        interfaces = source;
    }

    /// The publisher's side of the accounts.
    public DeliveryCounters delivery() {
        return delivery;
    }

    public LateRuns lateRuns() {
        return lateRuns;
    }

    /// Packets that the kernel has dropped because a ring was full, of all lanes.
    public long kernelDrops() {
        return lanes.stream().mapToLong(LaneCounters::kernelDrops).sum();
    }

    /// Makes a report of this moment.
    ///
    /// @param isFinal whether lanes and publisher have stopped: then only what the publisher really
    ///   holds is in flight; before, what waits between the two counts too
    public SensorReport snapshot(boolean isFinal) {
        List<LaneLedger> laneLedgers = new ArrayList<>();
        for (LaneCounters lane : lanes) {
            laneLedgers.add(laneLedger(lane, isFinal));
        }
        return SensorReport.newBuilder()
                .setSensorId(session.sensorId())
                .setSessionId(session.sessionId())
                .setHost(session.host())
                .setSoftwareVersion(session.softwareVersion())
                .setStartTimeNs(session.startTimeNs())
                .setReportTimeNs(nanosecondsOf(clock.instant()))
                .setFinal$(isFinal)
                .setPartitionCount(session.partitionCount())
                .setWeakened(session.weakened())
                .setLanes(laneLedgers)
                .setStreams(delivery.streamReports())
                .setInterfaces(interfaces.get())
                .setCaptures(captures.captures())
                .setGaps(captures.gaps())
                .setLateRuns(lateRuns.snapshot())
                .build();
    }

    /// Nanoseconds since 1970 of an instant.
    public static long nanosecondsOf(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }

    private LaneLedger laneLedger(LaneCounters lane, boolean isFinal) {
        // The publisher's side first: what it has taken is then never more than published.
        LaneDelivery.Snapshot outcome = delivery.snapshot(lane.lane());
        Tally published = tally(lane, LaneTerm.PUBLISHED);
        Tally inFlight = outcome.inFlight();
        if (!isFinal) {
            inFlight = LedgerTotal.plus(inFlight, minus(published, outcome.taken()));
        }
        return LaneLedger.newBuilder()
                .setLane(lane.lane())
                .setInterfaceName(lane.interfaceName())
                .setKernelPackets(lane.kernelPackets())
                .setKernelDrops(lane.kernelDrops())
                .setRingFreezes(lane.ringFreezes())
                .setRolledOver(lane.rolledOver())
                .setRolledOverHuge(lane.rolledOverHuge())
                .setRolloverFailed(lane.rolloverFailed())
                .setReceived(tally(lane, LaneTerm.RECEIVED))
                .setPublished(published)
                .setExcludedOwnTraffic(tally(lane, LaneTerm.EXCLUDED_OWN_TRAFFIC))
                .setExcludedOutgoing(tally(lane, LaneTerm.EXCLUDED_OUTGOING))
                .setExcludedSampledOut(tally(lane, LaneTerm.EXCLUDED_SAMPLED_OUT))
                .setExcludedStaleFilter(tally(lane, LaneTerm.EXCLUDED_STALE_FILTER))
                .setMalformed(tally(lane, LaneTerm.MALFORMED))
                .setShed(lane.shed())
                .setPending(tally(lane, LaneTerm.PENDING))
                .setAcknowledged(outcome.acknowledged())
                .setRejected(outcome.rejected())
                .setUnknown(outcome.unknown())
                .setInFlight(inFlight)
                .setSpooled(new Tally(0L, 0L))
                .setCut(tally(lane, LaneTerm.CUT))
                .build();
    }

    private static Tally tally(LaneCounters lane, LaneTerm term) {
        return new Tally(lane.packets(term), lane.bytes(term));
    }

    private static Tally minus(Tally a, Tally b) {
        return new Tally(a.getPackets() - b.getPackets(), a.getBytes() - b.getBytes());
    }
}
