package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.ring.BpfMachine;
import dev.ringtail.sensor.ring.KernelFilter;

import java.time.Duration;
import java.util.Random;

/// Runs throw-away lanes over a synthetic ring before a capture begins, so that the first packets
/// are not read by the interpreter, which is up to 200 times slower and loses them: a cold JVM lost
/// 11 to 15 % of the first second. The lanes are those of V3 rings of Ethernet.
public final class LaneWarmUp {
    private static final int PARTITIONS = 16;
    private static final int NO_POWER_OF_TWO = 12;

    /// Small, so that batches are closed for want of room too.
    private static final int BATCH_BYTES = 8 << 10;

    private static final int SNAP_LENGTH = 262_144;
    private static final int MAX_BLOCKS = 1_000;
    private static final int RECHECK_BLOCKS = 16;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(1);

    private final LaneCounters counters = new LaneCounters(0, "");
    private final BatchPool pool =
            new BatchPool(
                    2 * PARTITIONS
                            + BatchEncoder.mostClosedBy(
                                    SyntheticRing.GEOMETRY.blockBytes(), BATCH_BYTES),
                    BATCH_BYTES,
                    () -> {});
    private final BatchEncoder batches =
            new BatchEncoder(
                    pool,
                    WireFormat.SINGLE_OBJECT,
                    0,
                    PARTITIONS,
                    BATCH_BYTES,
                    new CaptureDescriptor("", "", 1, "", LinkType.ETHERNET, SNAP_LENGTH),
                    counters);
    private final BpfMachine everything =
            new BpfMachine(KernelFilter.compile("", "", SNAP_LENGTH, true));
    private final Random random = new Random(1);
    private final OwnTrafficMatcher ownTraffic;

    private LaneWarmUp(OwnTrafficMatcher ownTraffic) {
        this.ownTraffic = ownTraffic;
    }

    /// Captures synthetic packets for a while, on the calling thread.
    ///
    /// @param duration for how long, at most
    /// @param ownTraffic the matcher that the lanes will ask
    /// @param rules what the lanes will keep; outgoing packets are both kept and left out meanwhile
    public static void run(Duration duration, OwnTrafficMatcher ownTraffic, PacketRules rules) {
        LaneWarmUp warmUp = new LaneWarmUp(ownTraffic);
        Duration half = duration.dividedBy(2);
        warmUp.capture(half, rules, PARTITIONS);
        PacketRules incoming = new PacketRules(false, rules.headersOnly(), rules.sampledOneIn());
        warmUp.capture(half, incoming, NO_POWER_OF_TWO);
    }

    private void capture(Duration duration, PacketRules rules, int partitionCount) {
        BlockEncoder encoder =
                new BlockEncoder(
                        batches, counters, ownTraffic, LinkType.ETHERNET, partitionCount, rules);
        long endNs = System.nanoTime() + duration.toNanos();
        try (SyntheticRing ring = new SyntheticRing(LibC.load(), random)) {
            Lane lane = new Lane(ring, batches, encoder, counters, Duration.ZERO);
            ring.beforeEachBlock(
                    blockNumber -> {
                        returnBatches();
                        // A change of filter must not cost the code that was compiled.
                        encoder.recheck(blockNumber % RECHECK_BLOCKS == 0 ? everything : null);
                        if (blockNumber >= MAX_BLOCKS || System.nanoTime() - endNs >= 0) {
                            ring.stopFilling();
                            lane.drain(Duration.ZERO, DRAIN_LIMIT);
                        }
                    });
            lane.run();
        }
        returnBatches();
    }

    private void returnBatches() {
        EncodedBatch batch;
        while ((batch = pool.poll()) != null) {
            pool.giveBack(batch);
        }
    }
}
