package dev.ringtail.bench.ours;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;

import dev.ringtail.sensor.KafkaTraffic;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.capture.CaptureSupervisor;
import dev.ringtail.sensor.capture.LaneFactory;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.LaneWarmUp;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.lane.PacketRules;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.LedgerSummary;
import dev.ringtail.sensor.ledger.SessionFacts;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// From ring to packet batch and no further: a sensor's own capture and lanes, the hand-off
/// included, in front of a destination that forgets. Runs until SIGTERM, then prints the ledger's
/// sum as JSON, with what the lanes have allocated since they began.
public final class LaneProgram {
    /// On standard error once packets are let in.
    static final String READY = "capturing";

    /// In the JSON: bytes that the lanes' threads have allocated on the heap.
    static final String ALLOCATED = "lanesAllocatedBytes";

    /// How the names of the lanes' threads begin.
    static final String LANE_THREADS = "rt-lane-";

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
    private static final Duration FOREVER = Duration.ofDays(1);

    private LaneProgram() {}

    /// @param arguments the interface, the count of a ring's blocks of 1 MiB, of lanes, and of
    ///   partitions
    public static void main(String[] arguments) {
        KafkaTraffic.install();
        StopSignal stopSignal = StopSignal.install();
        SensorConfig config =
                new ConfigLoader(Map.of())
                        .set("interfaces", List.of(arguments[0]))
                        .set("lanes", Integer.parseInt(arguments[2]))
                        .set("ring.blockCount", Integer.parseInt(arguments[1]))
                        .load();
        try (CaptureSupervisor captures = CaptureSupervisor.prepare(config)) {
            capture(
                    config,
                    new DiscardDestination(Integer.parseInt(arguments[3])),
                    captures,
                    stopSignal);
        }
        stopSignal.exit(0);
    }

    private static void capture(
            SensorConfig config,
            DiscardDestination destination,
            CaptureSupervisor captures,
            StopSignal stopSignal) {
        OwnTrafficMatcher ownTraffic = KafkaTraffic.matcher(config.netns());
        Ledger ledger = new Ledger(session(destination), Clock.systemUTC());
        BatchBudget budget =
                BatchBudget.share(
                        config.batch().memory().bytes(),
                        config.batch().size().intBytes(),
                        destination.maxBatchBytes(),
                        config.laneCount(),
                        destination.partitionCount(),
                        config.ring().geometry().blockBytes());
        try (BatchSink sink = destination.open(ledger, budget.batchBytes())) {
            captures.open(
                    ledger, new LaneFactory(config, destination, budget, ledger, sink, ownTraffic));
            LaneWarmUp.run(Duration.ofMillis(700), ownTraffic, PacketRules.ALL);
            sink.start();
            captures.start();
            long allocatedBefore = lanesAllocatedBytes(config.laneCount());
            System.err.println(READY);
            boolean asked = false;
            while (!asked) {
                asked = stopSignal.await(FOREVER);
            }
            long allocatedBytes = lanesAllocatedBytes(config.laneCount()) - allocatedBefore;
            captures.stop(DRAIN_LIMIT);
            sink.drain(DRAIN_LIMIT);
            ObjectNode sum = LedgerSummary.total(ledger.snapshot(true).getLanes());
            sum.put(ALLOCATED, allocatedBytes);
            System.out.println(sum);
        }
    }

    private static SessionFacts session(DiscardDestination destination) {
        return new SessionFacts(
                "bench",
                "bench",
                "bench",
                "bench",
                Ledger.nanosecondsOf(Clock.systemUTC().instant()),
                destination.partitionCount(),
                destination.weakened());
    }

    /// Fails where not every lane has its thread under the name that its figures are found by.
    private static long lanesAllocatedBytes(int laneCount) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        int found = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(LANE_THREADS)) {
                bytes += threads.getThreadAllocatedBytes(thread.getThreadId());
                found++;
            }
        }
        if (found != laneCount) {
            throw new IllegalStateException(
                    "%d threads %s… for %d lanes".formatted(found, LANE_THREADS, laneCount));
        }
        return bytes;
    }
}
